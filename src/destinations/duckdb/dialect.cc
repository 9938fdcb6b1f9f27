#include "destinations/duckdb/dialect.h"

#include <fmt/format.h>

#include "base/time.h"
#include "data/type_kind.h"
#include "destinations/duckdb/natives.h"
#include "duck/text_values.h"
#include "duck/values.h"
#include "sql/decode.h"
#include "sql/text_pattern.h"

namespace ingestr {
namespace {

// A cast would take text for JSON text, and to_json() of a number may change its digits.
std::string json_value(const std::string& value, const Type& from) {
  switch (from.id) {
    case TypeId::boolean:
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::decimal:
      return fmt::format("CAST({} AS JSON)", duck::text_sql(value, from));
    case TypeId::real:
    case TypeId::double_:  // JSON has no NaN
      return fmt::format(
          "CASE WHEN isfinite({0}) THEN CAST(CAST({0} AS VARCHAR) AS JSON) "
          "ELSE to_json(CAST({0} AS VARCHAR)) END",
          value);
    case TypeId::list:
      return duck::to_json_sql(value, from);
    default:
      return fmt::format("to_json(CAST({} AS VARCHAR))", value);
  }
}

// A cast makes text infinite that is too big, and 0 or a number of fewer digits where it is too near to 0.
std::string keeps_size(const std::string& text, const Type& to, const std::string& number) {
  if (!is_float(to)) return "true";
  return fmt::format("(abs({0}) BETWEEN {1} AND {2} OR CAST({0} AS VARCHAR) = {3} OR NOT regexp_matches({3}, '^[^eE]*[1-9]'))", number, least_whole(to),
                     to.id == TypeId::real ? "3.4028234663852886e38" : "1.7976931348623157e308", text);
}

}  // namespace

std::string DuckdbDialect::schema(std::string_view name) const {
  return identifier(catalog_) + "." + identifier(name.empty() ? kDefaultSchema : name);
}

std::string DuckdbDialect::table(const TableName& name) const { return schema(name.schema) + "." + identifier(name.table); }

std::string DuckdbDialect::type(const Type& type) const {
  return type.id == TypeId::null ? "VARCHAR" : to_string(type);
}

std::string DuckdbDialect::timestamp(SystemTime time) const { return text(format_iso(time)); }

std::string DuckdbDialect::converted(const std::string& value, const Type& from,
                                     const Type& to) const {
  if (to.native) return native_value(value, from, *to.native);
  const bool is_json = from.id == TypeId::json || from.id == TypeId::null;
  if (to.id == TypeId::json && !is_json) return json_value(value, from);
  if (to.id == TypeId::varchar && from.id == TypeId::decimal) return duck::text_sql(value, from);
  return Dialect::converted(value, from, to);
}

std::string DuckdbDialect::fitted(const std::string& value, const Type& from,
                                  const Type& to) const {
  if (from.id == TypeId::json && to.id == TypeId::list) {
    return fmt::format(
        "CASE WHEN json_valid({0}) THEN CASE WHEN CAST(to_json(TRY_CAST({0} AS {1})) AS VARCHAR) = "
        "CAST(json({0}) AS VARCHAR) THEN TRY_CAST({0} AS {1}) END END",
        value, type(to));
  }
  if (from.id != TypeId::varchar && from.id != TypeId::json) {
    return Dialect::fitted(value, from, to);
  }
  const std::string pattern = text_pattern(to);
  if (pattern.empty()) return fmt::format("CAST(NULL AS {})", type(to));
  const bool is_json = from.id == TypeId::json;
  const std::string text = is_json ? "(" + duck::decoded_json(value) + ")" : value;
  const std::string cast = try_converted(duck::with_seconds(text, to), TypeId::varchar, to);
  const std::string scalar =
      is_json ? fmt::format("NOT regexp_matches(CAST({} AS VARCHAR), '^\\s*[\\[{{]') AND ", value)
              : "";
  return fmt::format("CASE WHEN {}regexp_full_match({}, {}) AND {} AND {} THEN {} END", scalar, text, this->text(pattern),
                     keeps_digits(text, to, cast, *this), keeps_size(text, to, cast), cast);
}

std::vector<std::string> DuckdbDialect::decode(const DecodeColumn& step) const {
  const std::string column = identifier(step.column);
  return decode_sql(step,
                    {.text = duck::with_seconds(duck::decoded_json(column), step.type),
                     .list = fmt::format("CAST(nullif({}, 'null') AS {})", column, type(step.type))},
                    *this);
}

}  // namespace ingestr
