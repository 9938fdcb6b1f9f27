#include "duck/types.h"

#include <cstring>

namespace ingestr::duck {
namespace {

bool is_json(duckdb_logical_type type) {
  char* alias = duckdb_logical_type_get_alias(type);
  const bool json = alias != nullptr && std::strcmp(alias, "JSON") == 0;
  duckdb_free(alias);
  return json;
}

Type list_type(duckdb_logical_type child) {
  Type element = type_of(child);
  duckdb_destroy_logical_type(&child);
  return Type::list_of(std::move(element));
}

}  // namespace

Type type_of(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN:
      return TypeId::boolean;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_SMALLINT:
      return TypeId::smallint;
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_INTEGER:
      return TypeId::integer;
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_BIGINT:
      return TypeId::bigint;
    case DUCKDB_TYPE_UBIGINT:
      return Type::decimal(20, 0);
    case DUCKDB_TYPE_FLOAT:
      return TypeId::real;
    case DUCKDB_TYPE_DOUBLE:
      return TypeId::double_;
    case DUCKDB_TYPE_DECIMAL:
      return Type::decimal(duckdb_decimal_width(type), duckdb_decimal_scale(type));
    case DUCKDB_TYPE_DATE:
      return TypeId::date;
    case DUCKDB_TYPE_TIME:
      return TypeId::time;
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP:
      return TypeId::timestamp;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return TypeId::timestamp_tz;
    case DUCKDB_TYPE_INTERVAL:
      return TypeId::interval;
    case DUCKDB_TYPE_UUID:
      return TypeId::uuid;
    case DUCKDB_TYPE_BLOB:
      return TypeId::blob;
    case DUCKDB_TYPE_SQLNULL:
      return TypeId::null;
    case DUCKDB_TYPE_LIST:
      return list_type(duckdb_list_type_child_type(type));
    case DUCKDB_TYPE_ARRAY:
      return list_type(duckdb_array_type_child_type(type));
    case DUCKDB_TYPE_VARCHAR:
      return is_json(type) ? TypeId::json : TypeId::varchar;
    default:
      return TypeId::varchar;
  }
}

}  // namespace ingestr::duck
