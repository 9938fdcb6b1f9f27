#include "duck/table_appender.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "duck/failure.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

// DuckDB copies appended rows into a buffer of its own, which it would empty every 204,800 rows
// however wide they are.
constexpr uint64_t kFlushBytes = 2'000'000;

void check(duckdb_error_data error) {
  if (error != nullptr) throw failure(error);
}

// Some rows of a struct array, without ownership. Needed twice over: DuckDB's import forgets to
// keep all but the first column's buffers alive, and its casts while appending hold one vector of
// rows and no more.
class Slice {
 public:
  Slice(const ArrowArray& whole, int64_t first, int64_t rows)
      : columns_(static_cast<size_t>(whole.n_children)), pointers_(columns_.size()), array_(whole) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      columns_[i] = *whole.children[i];
      columns_[i].offset += whole.offset + first;
      columns_[i].length = rows;
      columns_[i].null_count = whole.children[i]->null_count == 0 ? 0 : -1;
      pointers_[i] = &columns_[i];
    }
    array_.children = pointers_.data();
    array_.offset = 0;
    array_.length = rows;
    array_.release = [](ArrowArray* array) { array->release = nullptr; };
  }

  ArrowArray& array() { return array_; }

 private:
  std::vector<ArrowArray> columns_;
  std::vector<ArrowArray*> pointers_;
  ArrowArray array_;
};

std::optional<std::string_view> arrow_text_at(const ArrowArray& column, int64_t row) {
  const int64_t at = column.offset + row;
  const auto* validity = static_cast<const uint8_t*>(column.buffers[0]);
  if (validity != nullptr && !ArrowBitGet(validity, at)) return std::nullopt;
  const auto* offsets = static_cast<const int32_t*>(column.buffers[1]);
  const auto* data = static_cast<const char*>(column.buffers[2]);
  return std::string_view(data + offsets[at], static_cast<size_t>(offsets[at + 1] - offsets[at]));
}

}  // namespace

TableAppender::TableAppender(Connection& connection, const std::string& catalog,
                             const std::string& schema_name, const std::string& table,
                             Schema schema, uint64_t earlier_rows)
    : connection_(connection), schema_(std::move(schema)), appended_(earlier_rows) {
  const nanoarrow::UniqueSchema arrow = arrow_schema(schema_);
  duckdb_arrow_converted_schema types = nullptr;
  check(duckdb_schema_from_arrow(connection_.get(), const_cast<ArrowSchema*>(arrow.get()), &types));
  types_.reset(types);

  duckdb_appender appender = nullptr;
  const duckdb_state state = duckdb_appender_create_ext(
      connection_.get(), catalog.c_str(), schema_name.c_str(), table.c_str(), &appender);
  appender_.reset(appender);
  if (state != DuckDBSuccess) throw failure(duckdb_appender_error_data(appender));
}

void TableAppender::append(Batch& batch, int64_t first, int64_t rows, uint64_t bytes) {
  const int64_t vector_rows = static_cast<int64_t>(duckdb_vector_size());
  for (int64_t done = 0; done < rows; done += vector_rows) {
    Slice slice(*batch.array(), first + done, std::min(vector_rows, rows - done));
    append_slice(slice.array());
  }
  pending_bytes_ += bytes;
  if (pending_bytes_ >= kFlushBytes) flush();
}

void TableAppender::append_slice(ArrowArray& slice) {
  const ArrowArray columns = slice;  // the import marks its argument as released
  duckdb_data_chunk chunk = nullptr;
  check(duckdb_data_chunk_from_arrow(connection_.get(), &slice, types_.get(), &chunk));
  const duckdb_state state = duckdb_append_data_chunk(appender_.get(), chunk);
  duckdb_destroy_data_chunk(&chunk);
  if (state != DuckDBSuccess) {
    explain(columns, appended_ + 1, failure(duckdb_appender_error_data(appender_.get())));
  }
  appended_ += static_cast<uint64_t>(columns.length);
}

void TableAppender::flush() {
  pending_bytes_ = 0;
  if (duckdb_appender_flush(appender_.get()) != DuckDBSuccess) {
    throw failure(duckdb_appender_error_data(appender_.get()));
  }
}

void TableAppender::explain(const ArrowArray& slice, uint64_t first_row, const Error& otherwise) {
  for (size_t i = 0; i < schema_.columns.size(); ++i) {
    const Column& column = schema_.columns[i];
    if (column.type.id != TypeId::uuid || column.inferred)
      continue;  // the only type that is cast while appending
    for (int64_t row = 0; row < slice.length; ++row) {
      const auto text = arrow_text_at(*slice.children[i], row);
      if (!text || text->find('\0') != std::string_view::npos) continue;
      const auto fits =
          connection_.query(fmt::format("SELECT TRY_CAST({} AS UUID)", quote_text(*text)));
      if (fits[0][0]) continue;
      throw Error(ErrorKind::bad_data,
                  fmt::format("row {}, column {}: the value {} is no {}",
                              first_row + static_cast<uint64_t>(row), column.name,
                              shorten(*text, kShownValueBytes), to_string(column.type)));
    }
  }
  throw otherwise;
}

}  // namespace ingestr::duck
