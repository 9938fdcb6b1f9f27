// The tables of the Attio source.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/source.h"
#include "sources/attio/session.h"

namespace ingestr::attio {

// Throws Error(usage) when the name is of no table. Makes no request. `session` outlives the table.
std::unique_ptr<Table> open_table(std::string_view name, const Session& session);

// See Source::tables and Source::expand.
std::vector<TableInfo> list_tables(const Session& session);
std::vector<std::string> expand_tables(std::string_view pattern, const Session& session);

}  // namespace ingestr::attio
