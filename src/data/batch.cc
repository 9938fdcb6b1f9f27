#include "data/batch.h"

#include <new>

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

void check_built(ArrowErrorCode code) {
  if (code != NANOARROW_OK) throw std::bad_alloc();  // nothing else can fail while a schema is built
}

void set_decimal(ArrowSchema* out, const Type& type) {
  check_built(ArrowSchemaSetTypeDecimal(out, NANOARROW_TYPE_DECIMAL128, type.precision, type.scale));
}

void set_extension(ArrowSchema* out, const char* name) {
  nanoarrow::UniqueBuffer metadata;
  check_built(ArrowMetadataBuilderInit(metadata.get(), nullptr));
  check_built(ArrowMetadataBuilderAppend(metadata.get(), ArrowCharView("ARROW:extension:name"), ArrowCharView(name)));
  check_built(ArrowMetadataBuilderAppend(metadata.get(), ArrowCharView("ARROW:extension:metadata"), ArrowCharView("")));
  check_built(ArrowSchemaSetMetadata(out, reinterpret_cast<const char*>(metadata->data)));
}

void set_type(ArrowSchema* out, const Type& type) {
  switch (type.id) {
    case TypeId::boolean: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_BOOL));
    case TypeId::smallint: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_INT16));
    case TypeId::integer: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_INT32));
    case TypeId::bigint: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_INT64));
    case TypeId::real: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_FLOAT));
    case TypeId::double_: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_DOUBLE));
    case TypeId::decimal: return set_decimal(out, type);
    case TypeId::blob: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_BINARY));
    case TypeId::date: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_DATE32));
    case TypeId::time:
      return check_built(
          ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_TIME64, NANOARROW_TIME_UNIT_MICRO, nullptr));
    case TypeId::timestamp:
      return check_built(
          ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO, nullptr));
    case TypeId::timestamp_tz:
      return check_built(ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO, "UTC"));
    case TypeId::interval: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO));
    case TypeId::json:
      check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_STRING));
      return set_extension(out, "arrow.json");
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::uuid: return check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_STRING));
    case TypeId::list:
      check_built(ArrowSchemaSetType(out, NANOARROW_TYPE_LIST));
      ArrowSchemaRelease(out->children[0]);
      ArrowSchemaInit(out->children[0]);
      set_type(out->children[0], *type.element);
      return check_built(ArrowSchemaSetName(out->children[0], "item"));
  }
}

}  // namespace

Batch::Batch(std::shared_ptr<const Schema> schema, nanoarrow::UniqueArray array, uint64_t bytes)
    : schema_(std::move(schema)), array_(std::move(array)), bytes_(bytes) {
  if (array_->n_children != static_cast<int64_t>(schema_->columns.size())) {
    throw Error(ErrorKind::internal, fmt::format("a batch of {} arrays was made for a schema of {} columns",
                                                 array_->n_children, schema_->columns.size()));
  }
}

nanoarrow::UniqueSchema arrow_schema(const Schema& schema) {
  nanoarrow::UniqueSchema out;
  ArrowSchemaInit(out.get());
  check_built(ArrowSchemaSetTypeStruct(out.get(), static_cast<int64_t>(schema.columns.size())));
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    ArrowSchema* child = out->children[i];
    set_type(child, column.inferred ? Type(TypeId::json) : column.type);
    check_built(ArrowSchemaSetName(child, column.name.c_str()));
  }
  return out;
}

}  // namespace ingestr
