#include "data/batch_builder.h"

#include <new>

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

void check(ArrowErrorCode code) {
  if (code == ENOMEM) throw std::bad_alloc();
  if (code != NANOARROW_OK) {
    throw Error(ErrorKind::internal, fmt::format("a cell does not fit the type of its column (nanoarrow says {})", code));
  }
}

}  // namespace

BatchBuilder::BatchBuilder(Schema schema) : schema_(std::make_shared<Schema>(std::move(schema))) { start(); }

void BatchBuilder::start() {
  const nanoarrow::UniqueSchema arrow = arrow_schema(*schema_);
  array_.reset();
  check(ArrowArrayInitFromSchema(array_.get(), arrow.get(), nullptr));
  check(ArrowArrayStartAppending(array_.get()));
  rows_ = 0;
  bytes_ = 0;
}

size_t BatchBuilder::add_column(Column column) {
  schema_ = std::make_shared<Schema>(*schema_);
  schema_->columns.push_back(std::move(column));
  // An Arrow struct cannot grow: its children move over to a wider one.
  nanoarrow::UniqueArray old = std::move(array_);
  const int64_t rows = rows_;
  const uint64_t bytes = bytes_;
  start();
  rows_ = rows;
  bytes_ = bytes;
  for (int64_t i = 0; i < old->n_children; ++i) {
    ArrowArrayRelease(array_->children[i]);
    ArrowArrayMove(old->children[i], array_->children[i]);
  }
  array_->length = old->length;
  if (rows > 0) check(ArrowArrayAppendNull(array_->children[old->n_children], rows));
  return schema_->columns.size() - 1;
}

void BatchBuilder::set_inferred_type(size_t column, const Type& type) {
  if (schema_->columns[column].type == type) return;
  schema_ = std::make_shared<Schema>(*schema_);
  schema_->columns[column].type = type;
}

bool BatchBuilder::claim(size_t column) { return array_->children[column]->length == rows_; }

void BatchBuilder::set_text(size_t column, std::string_view utf8) {
  if (!claim(column)) return;
  check(ArrowArrayAppendString(array_->children[column], {utf8.data(), static_cast<int64_t>(utf8.size())}));
  bytes_ += utf8.size() + sizeof(int32_t);
}

void BatchBuilder::set_boolean(size_t column, bool value) {
  if (claim(column)) check(ArrowArrayAppendInt(array_->children[column], value ? 1 : 0));
}

void BatchBuilder::set_integer(size_t column, int64_t value) {
  if (!claim(column)) return;
  check(ArrowArrayAppendInt(array_->children[column], value));
  bytes_ += sizeof(value);
}

void BatchBuilder::set_double(size_t column, double value) {
  if (!claim(column)) return;
  check(ArrowArrayAppendDouble(array_->children[column], value));
  bytes_ += sizeof(value);
}

void BatchBuilder::end_row() {
  for (int64_t i = 0; i < array_->n_children; ++i) {
    if (claim(static_cast<size_t>(i))) check(ArrowArrayAppendNull(array_->children[i], 1));
  }
  ++rows_;
  ++array_->length;
}

Batch BatchBuilder::take() {
  check(ArrowArrayFinishBuildingDefault(array_.get(), nullptr));
  Batch batch(schema_, std::move(array_), bytes_);
  start();
  return batch;
}

}  // namespace ingestr
