// Connection::push_rows(): a result as batches.
#include <duckdb.h>

#include "duck/connection.h"
#include "duck/failure.h"
#include "duck/results.h"

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

}  // namespace

void Connection::push_rows(const std::string& select, const Schema& schema, BatchSink& rows) {
  StreamedResult result(get(), select);
  const ArrowOptions options(duckdb_result_get_arrow_options(&result.get()));
  const auto shared = std::make_shared<const Schema>(schema);
  while (const Chunk chunk = result.next()) {
    nanoarrow::UniqueArray array;
    if (duckdb_error_data error = duckdb_data_chunk_to_arrow(options.get(), chunk.get(), array.get())) throw failure(error);
    const uint64_t bytes = bytes_of(*array.get());
    rows.push(Batch(shared, std::move(array), bytes));
  }
}

}  // namespace ingestr::duck
