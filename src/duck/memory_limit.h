// How much memory an engine may take.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "duck/database.h"

namespace ingestr::duck {

// What sets another limit for every engine that has one, e.g. "1GB".
inline constexpr std::string_view kMemoryLimitVariable = "INGESTR_DUCKDB_MEMORY_LIMIT";

// What the user lets an engine take; nothing: what suits it.
std::optional<std::string> memory_limit(const Environment& environment);

// An engine that takes `usual`, or, where that is empty, most of what the machine has, unless the user wants something else. Throws
// Error(usage) when that is no size.
Database limited_engine(Database::Settings settings, const std::string& usual, const Environment& environment);

}  // namespace ingestr::duck
