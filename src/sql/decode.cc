#include "sql/decode.h"

#include <fmt/format.h>

namespace ingestr {
namespace {

std::string decoded(const DecodeColumn& step, const DecodedJson& json, const Dialect& dialect) {
  const auto cast = [&](const std::string& value) { return fmt::format("CAST({} AS {})", value, dialect.type(step.type)); };
  switch (step.type.id) {
    case TypeId::boolean:
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal:  // as they are written
      return cast(fmt::format("nullif(CAST({} AS {}), 'null')", dialect.identifier(step.column), dialect.type(TypeId::varchar)));
    case TypeId::null:
    case TypeId::varchar:
      return json.text;
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::uuid:
    case TypeId::interval:
      return cast(json.text);
    case TypeId::list:
      return json.list;
    case TypeId::json:
      return "";  // it landed as that
  }
  return "";
}

}  // namespace

std::vector<std::string> decode_sql(const DecodeColumn& step, const DecodedJson& json, const Dialect& dialect) {
  const std::string value = decoded(step, json, dialect);
  if (value.empty()) return {};
  return dialect.retype(step.table, step.column, step.type, value);
}

}  // namespace ingestr
