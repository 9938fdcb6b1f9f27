#include "destinations/duckdb/dialect.h"

#include <fmt/format.h>

#include "base/time.h"
#include "duck/values.h"
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
      return fmt::format("CAST(CAST({} AS VARCHAR) AS JSON)", value);
    case TypeId::real:
    case TypeId::double_:  // JSON has no NaN
      return fmt::format(
          "CASE WHEN isfinite({0}) THEN CAST(CAST({0} AS VARCHAR) AS JSON) "
          "ELSE to_json(CAST({0} AS VARCHAR)) END",
          value);
    case TypeId::list:
      return fmt::format("to_json({})", value);
    default:
      return fmt::format("to_json(CAST({} AS VARCHAR))", value);
  }
}

// Whether digits would be lost: more than the type always holds, and not what it writes itself.
std::string keeps_digits(const std::string& text, const Type& type, const std::string& cast) {
  if (type.id != TypeId::real && type.id != TypeId::double_) return "TRUE";
  return fmt::format(
      "(length(regexp_replace({0}, '^[-0.]+|[eE].*$|[^0-9]', '', 'g')) <= {1} OR "
      "CAST({2} AS VARCHAR) = {0})",
      text, type.id == TypeId::real ? 6 : 15, cast);
}

}  // namespace

std::string DuckdbDialect::schema(std::string_view name) const {
  return identifier(catalog_) + "." + identifier(name);
}

std::string DuckdbDialect::type(const Type& type) const {
  return type.id == TypeId::null ? "VARCHAR" : to_string(type);
}

std::string DuckdbDialect::timestamp(SystemTime time) const { return text(format_iso(time)); }

std::string DuckdbDialect::converted(const std::string& value, const Type& from,
                                     const Type& to) const {
  const bool is_json = from.id == TypeId::json || from.id == TypeId::null;
  if (to.id == TypeId::json && !is_json) return json_value(value, from);
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
  const std::string cast = try_converted(text, TypeId::varchar, to);
  const std::string scalar =
      is_json ? fmt::format("NOT regexp_matches(CAST({} AS VARCHAR), '^\\s*[\\[{{]') AND ", value)
              : "";
  return fmt::format("CASE WHEN {}regexp_full_match({}, {}) AND {} THEN {} END", scalar, text,
                     this->text(pattern), keeps_digits(text, to, cast), cast);
}

std::vector<std::string> DuckdbDialect::decode(const DecodeColumn& step) const {
  const std::string column = identifier(step.column);
  const auto alter = [&](const std::string& value) {
    return std::vector<std::string>{
        fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DATA TYPE {} USING {}", table(step.table),
                    column, type(step.type), value)};
  };
  const auto cast = [&](const std::string& value) {
    return fmt::format("CAST({} AS {})", value, type(step.type));
  };
  switch (step.type.id) {
    case TypeId::json:
      return {};  // it landed as that
    case TypeId::boolean:
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal:
      return alter(cast(fmt::format("nullif({}::VARCHAR, 'null')", column)));
    case TypeId::list:
      return alter(cast(fmt::format("nullif({}, 'null')", column)));
    case TypeId::null:
    case TypeId::varchar:
      return alter(duck::decoded_json(column));
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::uuid:
    case TypeId::interval:
      return alter(cast(duck::decoded_json(column)));
  }
  return {};
}

}  // namespace ingestr
