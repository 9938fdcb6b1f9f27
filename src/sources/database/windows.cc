#include "sources/database/windows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "data/type_kind.h"
#include "engine/evolution.h"

namespace ingestr::database {
namespace {

constexpr uint64_t kWindowsByItself = 4;  // for each connection: some have fewer rows than others
constexpr uint64_t kMostWindows = 10'000;
constexpr size_t kShownStepBytes = 40;

// Times of four digits of the year, which every database takes as they are written.
constexpr int64_t kLeastTime = -62'135'596'800'000'000;    // 0001-01-01
constexpr int64_t kGreatestTime = 253'402'214'400'000'000;  // 9999-12-31

struct Unit {
  char letter;
  int64_t micros;
};
constexpr Unit kUnits[] = {{'s', 1'000'000}, {'m', 60'000'000}, {'h', 3'600'000'000}, {'d', 86'400'000'000}, {'w', 604'800'000'000}};

[[noreturn]] void refuse_step(std::string_view text) {
  throw Error(ErrorKind::usage,
              fmt::format("--extract-partition-interval \"{}\" is no interval; write auto, a whole number such as 50000, or a time such as "
                          "30m, 1h, 7d or 2w",
                          shorten(text, kShownStepBytes)));
}

// As wide as a step that was not given.
uint64_t automatic_width(uint64_t range, uint64_t connections) {
  const uint64_t windows = kWindowsByItself * std::max<uint64_t>(connections, 1);
  return range / windows + 1;
}

// Outside of them is what the first and the last window have, which are open.
WindowBounds within_years(const Column& column, const WindowBounds& bounds) {
  if (is_integer(column.type)) return bounds;
  return {std::clamp(bounds.least, kLeastTime, kGreatestTime), std::clamp(bounds.greatest, kLeastTime, kGreatestTime)};
}

std::string value_text(const System& system, const Column& column, int64_t value) {
  if (is_integer(column.type)) return std::to_string(value);
  return system.time(SystemTime(std::chrono::microseconds(value)), column.type);
}

}  // namespace

WindowStep parse_window_step(std::string_view text) {
  text = trim(text);
  if (text.empty() || equal_ignoring_case(text, "auto")) return {};
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 1) refuse_step(text);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  if (unit.empty()) return {.number = number};
  const auto* known = std::ranges::find(kUnits, unit.front(), &Unit::letter);
  if (unit.size() != 1 || known == std::end(kUnits) || number > INT64_MAX / known->micros) refuse_step(text);
  return {.micros = number * known->micros};
}

const Column& window_column(const Schema& schema, std::string_view name, const WindowStep& step) {
  const Column* column = find_column(schema, name);
  if (column == nullptr) {
    throw Error(ErrorKind::usage, fmt::format("--extract-partition-by {} is no column of the source; its columns are {}", name,
                                              fmt::join(schema.names(), ", ")));
  }
  const bool integer = is_integer(column->type);
  if (!integer && !is_time(column->type)) {
    throw Error(ErrorKind::unsupported, fmt::format("--extract-partition-by {} is {}; name a column of integers, dates or timestamps",
                                                    column->name, to_string(column->type)));
  }
  if (integer ? step.micros.has_value() : step.number.has_value()) {
    throw Error(ErrorKind::usage,
                fmt::format("--extract-partition-by {} is {}, so --extract-partition-interval must be {}", column->name,
                            to_string(column->type), integer ? "a whole number such as 50000" : "a time such as 1h or 7d"));
  }
  return *column;
}

std::vector<std::string> window_conditions(const System& system, const Column& column, const WindowStep& step,
                                           const std::optional<WindowBounds>& found, uint64_t connections) {
  if (!found) return {""};
  const WindowBounds bounds = within_years(column, *found);
  const std::string name = system.compared(column);
  // Unsigned, for from the least integer to the greatest is farther than an integer.
  const auto least = static_cast<uint64_t>(bounds.least);
  const uint64_t range = static_cast<uint64_t>(bounds.greatest) - least;
  const uint64_t width = step.number   ? static_cast<uint64_t>(*step.number)
                         : step.micros ? static_cast<uint64_t>(*step.micros)
                                       : automatic_width(range, connections);
  if (range / width >= kMostWindows) {
    throw Error(ErrorKind::usage, fmt::format("--extract-partition-interval cuts {} into more than {} parts; make it longer, or leave it out",
                                              column.name, group_digits(kMostWindows)));
  }
  const auto from = [&](uint64_t window) {
    return value_text(system, column, static_cast<int64_t>(least + window * width));
  };
  // The first and the last are open, so that rows that come meanwhile are in one of them, and so are infinite times.
  const uint64_t last = range / width;
  std::vector<std::string> conditions;
  for (uint64_t window = 0; window <= last && last > 0; ++window) {
    if (window == 0) {
      conditions.push_back(fmt::format("{} < {}", name, from(1)));
    } else if (window == last) {
      conditions.push_back(fmt::format("{} >= {}", name, from(window)));
    } else {
      conditions.push_back(fmt::format("{0} >= {1} AND {0} < {2}", name, from(window), from(window + 1)));
    }
  }
  if (conditions.empty()) conditions.push_back(fmt::format("{} IS NOT NULL", name));
  conditions.push_back(fmt::format("{} IS NULL", name));
  return conditions;
}

}  // namespace ingestr::database
