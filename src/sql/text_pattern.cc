#include "sql/text_pattern.h"

#include <fmt/format.h>

namespace ingestr {
namespace {

constexpr std::string_view kWhole = "-?(0|[1-9][0-9]*)";
constexpr std::string_view kDay = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
constexpr std::string_view kHoursAndMinutes = "[0-9]{2}:[0-9]{2}";
constexpr std::string_view kSeconds = ":[0-9]{2}([.][0-9]{1,6})?";

}  // namespace

std::string text_pattern(const Type& type) {
  switch (type.id) {
    case TypeId::boolean:
      return "true|false";
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return std::string(kWhole);
    case TypeId::decimal:
      if (type.scale == 0) return std::string(kWhole);
      return fmt::format("{}([.][0-9]{{1,{}}})?", kWhole, type.scale);
    case TypeId::real:
    case TypeId::double_:
      return fmt::format("{}([.][0-9]+)?([eE][+-]?[0-9]+)?", kWhole);
    case TypeId::date:
      return std::string(kDay);
    case TypeId::time:
      return fmt::format("{}{}", kHoursAndMinutes, kSeconds);
    case TypeId::timestamp:
      return fmt::format("{}[T ]{}({})?", kDay, kHoursAndMinutes, kSeconds);
    case TypeId::timestamp_tz:
      return fmt::format("{}[T ]{}({})?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)", kDay, kHoursAndMinutes, kSeconds);
    case TypeId::uuid:
      return "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    case TypeId::null:
    case TypeId::varchar:
      return "(.|\\n)*";
    case TypeId::blob:
    case TypeId::interval:
    case TypeId::json:
    case TypeId::list:
      return "";
  }
  return "";
}

std::string keeps_digits(const std::string& text, const Type& type, const std::string& value, const Dialect& dialect) {
  if (type.id != TypeId::real && type.id != TypeId::double_) return "TRUE";
  return fmt::format("(length(regexp_replace({0}, '^[-0.]+|[eE].*$|[^0-9]', '', 'g')) <= {1} OR CAST({2} AS {3}) = {0})", text,
                     type.id == TypeId::real ? 6 : 15, value, dialect.type(TypeId::varchar));
}

std::string_view least_whole(const Type& type) { return type.id == TypeId::real ? "1.1754943508222875e-38" : "2.2250738585072014e-308"; }

}  // namespace ingestr
