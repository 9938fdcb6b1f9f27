#include "destinations/duckdb/dialect.h"

#include <fmt/format.h>

#include "base/time.h"
#include "duck/values.h"

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
