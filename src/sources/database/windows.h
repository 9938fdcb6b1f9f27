// Windows: a table of a database in parts by the values of one column, so that several connections can read it side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "sources/database/system.h"

namespace ingestr::database {

// How far a window reaches: a number, or a span of time in microseconds; neither: what makes a few windows for each connection.
struct WindowStep {
  std::optional<int64_t> number{};
  std::optional<int64_t> micros{};
};

// "auto" or "", "5000", "30s", "15m", "1h", "7d", "2w". Throws Error(usage) for anything else.
WindowStep parse_window_step(std::string_view text);

// Throws Error(usage) when the schema has no such column, Error(unsupported) when it is neither an integer nor a date or timestamp,
// or when the step is not one of such values.
const Column& window_column(const Schema& schema, std::string_view name, const WindowStep& step);

// The least and the greatest value of a window column: integers, or microseconds since 1970.
struct WindowBounds {
  int64_t least = 0;
  int64_t greatest = 0;
};

// Conditions of the database's SQL, each value and NULL in exactly one of them. No bounds: all rows are of one window. Throws
// Error(usage) when they would be more than anybody can want.
std::vector<std::string> window_conditions(const System& system, const Column& column, const WindowStep& step,
                                           const std::optional<WindowBounds>& found, uint64_t connections);

}  // namespace ingestr::database
