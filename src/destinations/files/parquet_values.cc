#include "destinations/files/parquet_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

#include "base/text.h"
#include "data/type_kind.h"
#include "duck/text.h"
#include "duck/values.h"

namespace ingestr::file_output {
namespace {

constexpr size_t kShownNameBytes = 60;

// What of such a type cannot be; empty: all can.
std::string_view unwritable_of(const Type& type) {
  switch (type.id) {
    case TypeId::date:
      return "infinite dates";
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
      return "infinite timestamps";
    case TypeId::interval:
      return "intervals below zero, or with parts of a millisecond";
    default:
      return "";
  }
}

// Whether a value cannot be written, as SQL; NULL, of which nothing is to be said, is no such value. `depth` is in how many lists it is.
std::string is_unwritable(const std::string& value, const Type& type, int depth) {
  if (type.id == TypeId::list) {
    const std::string element = fmt::format("v{}", depth);
    return fmt::format("len(list_filter({}, lambda {}: {})) > 0", value, element, is_unwritable(element, *type.element, depth + 1));
  }
  if (type.id != TypeId::interval) return fmt::format("isinf({})", value);
  return fmt::format("least(year({0}), month({0}), day({0}), hour({0}), minute({0}), microsecond({0})) < 0 OR microsecond({0}) % 1000 <> 0", value);
}

std::string written(const Column& column) {
  const std::string name = duck::quote_name(column.name);
  const std::string_view unwritable = unwritable_of(innermost(column.type));
  if (unwritable.empty()) return name;
  const std::string shown = shorten(column.name, kShownNameBytes);
  const std::string fault = fmt::format("column {} has {}, which no Parquet file holds; load it as text: --columns {}:varchar", shown, unwritable, shown);
  return fmt::format("CASE WHEN {0} THEN {1} ELSE {2} END AS {2}", is_unwritable(name, column.type, 0), duck::raise(duck::quote_text(fault)), name);
}

}  // namespace

std::string parquet_values(const Schema& columns) {
  std::vector<std::string> values;
  for (const Column& column : columns.columns) values.push_back(written(column));
  return fmt::format("{}", fmt::join(values, ", "));
}

}  // namespace ingestr::file_output
