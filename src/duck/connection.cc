#include "duck/connection.h"

#include <duckdb.h>
#include <fmt/format.h>

#include "base/error.h"
#include "duck/results.h"
#include "duck/types.h"

namespace ingestr::duck {
namespace {

std::optional<std::string> owned_text_at(duckdb_vector vector, idx_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (!duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return std::string(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

std::string as_texts(const std::string& select) { return fmt::format("SELECT COLUMNS(*)::VARCHAR FROM ({})", select); }

Connection::Row row_of(const Chunk& chunk, idx_t row) {
  Connection::Row texts;
  const idx_t columns = duckdb_data_chunk_get_column_count(chunk.get());
  for (idx_t column = 0; column < columns; ++column) texts.push_back(owned_text_at(duckdb_data_chunk_get_vector(chunk.get(), column), row));
  return texts;
}

}  // namespace

Connection::Connection(ConnectionHandle handle, std::stop_token stop)
    : handle_(std::move(handle)),
      stop_(std::move(stop)),
      interrupt_(std::make_unique<Interrupt>(stop_, [connection = handle_.get()] { duckdb_interrupt(connection); })) {}

template <class Work>
decltype(auto) Connection::interruptible(Work&& work) {
  interrupt_->settle();
  try {
    return work();
  } catch (const Error&) {
    throw_if_stopped(stop_);
    throw;
  }
}

void Connection::execute(const std::string& sql) {
  interruptible([&] { const Result result(get(), sql); });
}

void Connection::finish(const std::string& sql) {
  // DuckDB 1.5.5 says of a COMMIT that is done that it was interrupted.
  const Interrupt::Pause pause(*interrupt_);
  const Result result(get(), sql, Result::May::only_end);
}

uint64_t Connection::change(const std::string& statement, const Watch& watch) {
  execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
  return interruptible([&] {
    const Statement prepared = prepare(get(), statement);
    Result result(prepared.get(), [&] {
      const double percent = duckdb_query_progress(get()).percentage;
      watch(percent < 0 ? std::nullopt : std::optional(percent / 100));
    });
    return duckdb_rows_changed(&result.get());
  });
}

std::vector<Connection::Row> Connection::query(const std::string& select) {
  return interruptible([&] { return rows_of(select); });
}

void Connection::query(const std::string& select, const std::function<bool(Row row)>& take) {
  interruptible([&] { take_rows(select, take); });
}

std::vector<Connection::Row> Connection::rows_of(const std::string& select) {
  Result result(get(), as_texts(select));
  std::vector<Row> rows;
  while (const Chunk chunk{duckdb_fetch_chunk(result.get())}) {
    const idx_t count = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t row = 0; row < count; ++row) rows.push_back(row_of(chunk, row));
  }
  return rows;
}

void Connection::take_rows(const std::string& select, const std::function<bool(Row row)>& take) {
  StreamedResult result(get(), as_texts(select));
  while (const Chunk chunk = result.next()) {
    const idx_t count = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t row = 0; row < count; ++row) {
      if (!take(row_of(chunk, row))) return;
    }
  }
}

void Connection::read(const std::string& select, const Schema& schema, BatchSink& rows) {
  interruptible([&] { push_rows(select, schema, rows); });
}

Schema Connection::describe(const std::string& select) {
  const Statement statement = interruptible([&] { return prepare(get(), select); });
  Schema schema;
  const idx_t columns = duckdb_prepared_statement_column_count(statement.get());
  for (idx_t column = 0; column < columns; ++column) {
    const char* name = duckdb_prepared_statement_column_name(statement.get(), column);
    duckdb_logical_type type = duckdb_prepared_statement_column_logical_type(statement.get(), column);
    schema.columns.push_back({name, type_of(type), false});
    duckdb_free(const_cast<char*>(name));
    duckdb_destroy_logical_type(&type);
  }
  return schema;
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN TRANSACTION");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const std::exception&) {
    // A failed statement may have ended the transaction already.
  }
}

void Transaction::commit() {
  open_ = false;  // a commit that fails has rolled back
  connection_.finish("COMMIT");
}

}  // namespace ingestr::duck
