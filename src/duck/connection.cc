#include "duck/connection.h"

#include <duckdb.h>
#include <fmt/format.h>

#include "duck/failure.h"
#include "duck/types.h"

namespace ingestr::duck {
namespace {

// A result that destroys itself.
class Result {
 public:
  Result(duckdb_connection connection, const std::string& sql) {
    if (duckdb_query(connection, sql.c_str(), &result_) == DuckDBSuccess) return;
    const char* message = duckdb_result_error(&result_);
    const Error error =
        failure(duckdb_result_error_type(&result_), message == nullptr ? "" : message);
    duckdb_destroy_result(&result_);
    throw error;
  }
  ~Result() { duckdb_destroy_result(&result_); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;

  duckdb_result& get() { return result_; }

 private:
  duckdb_result result_{};
};

struct DestroyChunk {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, DestroyChunk>;

std::optional<std::string> text_at(duckdb_vector vector, idx_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (!duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return std::string(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

}  // namespace

Connection::Connection(ConnectionHandle handle, std::stop_token stop) : handle_(std::move(handle)) {
  if (!stop.stop_possible()) return;
  interrupt_ = std::make_unique<Interrupt>(
      std::move(stop), [connection = handle_.get()] { duckdb_interrupt(connection); });
}

void Connection::execute(const std::string& sql) {
  const Result result(get(), sql);
}

std::vector<Connection::Row> Connection::query(const std::string& select) {
  Result result(get(), fmt::format("SELECT COLUMNS(*)::VARCHAR FROM ({})", select));
  const idx_t columns = duckdb_column_count(&result.get());
  std::vector<Row> rows;
  while (const Chunk chunk{duckdb_fetch_chunk(result.get())}) {
    const idx_t count = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t row = 0; row < count; ++row) {
      Row& out = rows.emplace_back();
      for (idx_t column = 0; column < columns; ++column) {
        out.push_back(text_at(duckdb_data_chunk_get_vector(chunk.get(), column), row));
      }
    }
  }
  return rows;
}

Schema Connection::describe(const std::string& select) {
  duckdb_prepared_statement statement = nullptr;
  const duckdb_state state = duckdb_prepare(get(), select.c_str(), &statement);
  const auto destroy = [](duckdb_prepared_statement held) { duckdb_destroy_prepare(&held); };
  const std::unique_ptr<std::remove_pointer_t<duckdb_prepared_statement>, decltype(destroy)> owner(
      statement, destroy);
  if (state != DuckDBSuccess) {
    const char* message = duckdb_prepare_error(statement);
    throw failure(DUCKDB_ERROR_BINDER, message == nullptr ? "" : message);
  }
  Schema schema;
  const idx_t columns = duckdb_prepared_statement_column_count(statement);
  for (idx_t column = 0; column < columns; ++column) {
    const char* name = duckdb_prepared_statement_column_name(statement, column);
    duckdb_logical_type type = duckdb_prepared_statement_column_logical_type(statement, column);
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
  } catch (const Error&) {
    // A failed statement may have ended the transaction already.
  }
}

void Transaction::commit() {
  open_ = false;  // a commit that fails has rolled back
  connection_.execute("COMMIT");
}

}  // namespace ingestr::duck
