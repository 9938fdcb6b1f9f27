// A table of a database, or a query, as a table to load.
#pragma once

#include <memory>
#include <stop_token>
#include <string_view>

#include "engine/connector.h"
#include "engine/source.h"
#include "sources/database/system.h"

namespace ingestr::database {

// `name` is table, schema.table or query:SELECT …. Throws Error(usage) when it can be none. In windows its rows come in any order,
// each window from one moment of the database.
std::unique_ptr<Table> open_table(std::string_view name, std::shared_ptr<const System> system, const SourceOptions& options,
                                  std::stop_token stop);

}  // namespace ingestr::database
