// Query: a source table that is a SELECT of the user's, written `query:SELECT …`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/source.h"
#include "sources/database/system.h"

namespace ingestr::database {

// The SELECT behind "query:"; nothing when `table` is the name of a table. Throws Error(usage) when nothing is behind it.
std::optional<std::string> query_text(std::string_view table);

// `:interval_start` and `:interval_end` outside quotes and comments become literals of the request's interval. Throws Error(usage) when one
// of them is used and not given, or an interval is given and none of them is used.
std::string with_interval(const std::string& query, const ReadRequest& request, const System& system);

}  // namespace ingestr::database
