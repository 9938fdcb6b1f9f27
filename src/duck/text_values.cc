#include "duck/text_values.h"

#include <fmt/format.h>

#include "data/type_kind.h"

namespace ingestr::duck {
namespace {

std::string cast(const std::string& value) { return fmt::format("CAST({} AS VARCHAR)", value); }

// DuckDB writes nothing before its point.
bool is_fraction(const Type& type) { return type.id == TypeId::decimal && type.precision == type.scale; }

// A value whose text has a digit before the point.
std::string with_digit(const std::string& value, const Type& type) {
  if (!is_fraction(type)) return value;
  if (type.precision < kDecimalDigits) return fmt::format("CAST({} AS {})", value, to_string(Type::decimal(type.precision + 1, type.scale)));
  return fmt::format(R"(regexp_replace({}, '^(-?)[.]', '\10.'))", cast(value));
}

// ISO 8601 has no infinities, and DuckDB writes years before the first in words. `type` has no zone but UTC.
std::string iso_sql(const std::string& value, std::string_view type, std::string_view zone) {
  return fmt::format("CASE WHEN {0} >= {1} '0001-01-01' AND {0} < {1} 'infinity' THEN replace(CAST(CAST({0} AS TIMESTAMP) AS VARCHAR), ' ', "
                     "'T') || '{2}' ELSE CAST({0} AS VARCHAR) END",
                     value, type, zone);
}

// A list in a list is a parameter in a parameter.
std::string list_sql(const std::string& value, const Type& element, int depth) {
  const std::string name = fmt::format("v{}", depth);
  const std::string inner = element.id == TypeId::list ? fmt::format("coalesce({}, 'null')", list_sql(name, *element.element, depth + 1))
                                                       : json_sql(name, element);
  return fmt::format("'[' || array_to_string(list_transform({}, lambda {}: {}), ',') || ']'", value, name, inner);
}

std::string json_or_null(const std::string& value, const Type& type) {
  switch (type.id) {
    case TypeId::boolean:
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::decimal:
      return text_sql(value, type);
    case TypeId::real:
    case TypeId::double_:
      return fmt::format("CASE WHEN isfinite({0}) THEN {1} ELSE '\"' || {1} || '\"' END", value, cast(value));
    case TypeId::json:  // line ends stand between tokens only
      return fmt::format("translate({}, chr(10) || chr(13), '  ')", cast(value));
    case TypeId::list:
      return list_sql(value, *type.element, 0);
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::interval:
    case TypeId::uuid:
      return fmt::format("CAST(to_json({}) AS VARCHAR)", field_sql(value, type));
  }
  return cast(value);
}

// What uncast_field_sql() leaves to a cast.
bool is_cast_to_field(const Type& type) {
  return type.id != TypeId::timestamp && type.id != TypeId::timestamp_tz && type.id != TypeId::list;
}

}  // namespace

std::string text_sql(const std::string& value, const Type& type) { return cast(with_digit(value, type)); }

std::string to_json_sql(const std::string& value, const Type& type) {
  if (!is_fraction(innermost(type))) return fmt::format("to_json({})", value);
  return fmt::format("CAST({} AS JSON)", type.id == TypeId::list ? json_list_sql(value, *type.element) : text_sql(value, type));
}

std::string json_list_sql(const std::string& value, const Type& element) { return list_sql(value, element, 0); }

std::string field_sql(const std::string& value, const Type& type) {
  return is_cast_to_field(type) ? text_sql(value, type) : uncast_field_sql(value, type);
}

std::string uncast_field_sql(const std::string& value, const Type& type) {
  if (type.id == TypeId::timestamp) return iso_sql(value, "TIMESTAMP", "");
  if (type.id == TypeId::timestamp_tz) return iso_sql(value, "TIMESTAMPTZ", "Z");
  if (type.id == TypeId::list) return json_list_sql(value, *type.element);
  return with_digit(value, type);
}

std::string json_sql(const std::string& value, const Type& type) {
  return fmt::format("coalesce({}, 'null')", json_or_null(value, type));
}

}  // namespace ingestr::duck
