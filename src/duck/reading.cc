// Connection::push_rows(): a result as batches.
#include <duckdb.h>

#include "data/batch_builder.h"
#include "duck/connection.h"
#include "duck/failure.h"
#include "duck/results.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

struct DestroyOptions {
  void operator()(duckdb_arrow_options options) const { duckdb_destroy_arrow_options(&options); }
};
using ArrowOptions = std::unique_ptr<std::remove_pointer_t<duckdb_arrow_options>, DestroyOptions>;

uint64_t bytes_of(const ArrowArray& array) {
  uint64_t bytes = 0;
  for (int64_t i = 0; i < array.n_children; ++i) {
    const ArrowArray& column = *array.children[i];
    bytes += 8 * static_cast<uint64_t>(column.length);
    if (column.n_buffers != 3) continue;
    bytes += static_cast<uint64_t>(static_cast<const int32_t*>(column.buffers[1])[column.offset + column.length]);
  }
  return bytes;
}

// DuckDB multiplies without looking.
void check_intervals(duckdb_vector values, idx_t count, const Type& type, const std::string& column) {
  if (type.id == TypeId::list) {
    return check_intervals(duckdb_list_vector_get_child(values), duckdb_list_vector_get_size(values), *type.element, column);
  }
  if (type.id != TypeId::interval) return;
  const auto* intervals = static_cast<const duckdb_interval*>(duckdb_vector_get_data(values));
  uint64_t* validity = duckdb_vector_get_validity(values);
  for (idx_t i = 0; i < count; ++i) {
    if (validity == nullptr || duckdb_validity_row_is_valid(validity, i)) interval_nanoseconds(intervals[i].micros, column);
  }
}

void check_intervals(duckdb_data_chunk chunk, const Schema& schema) {
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    if (!column.inferred) check_intervals(duckdb_data_chunk_get_vector(chunk, i), duckdb_data_chunk_get_size(chunk), column.type, column.name);
  }
}

}  // namespace

void Connection::push_rows(const std::string& select, const Schema& schema, BatchSink& rows) {
  StreamedResult result(get(), select);
  const ArrowOptions options(duckdb_result_get_arrow_options(&result.get()));
  const auto shared = std::make_shared<const Schema>(schema);
  while (const Chunk chunk = result.next()) {
    check_intervals(chunk.get(), schema);
    nanoarrow::UniqueArray array;
    if (duckdb_error_data error = duckdb_data_chunk_to_arrow(options.get(), chunk.get(), array.get())) throw failure(error);
    const uint64_t bytes = bytes_of(*array.get());
    rows.push(Batch(shared, std::move(array), bytes));
  }
}

}  // namespace ingestr::duck
