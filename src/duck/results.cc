#include "duck/results.h"

#include <chrono>
#include <thread>

#include "base/forced_end.h"
#include "duck/failure.h"

namespace ingestr::duck {
namespace {

constexpr std::chrono::milliseconds kBetween(10);
constexpr std::chrono::microseconds kNap(500);

struct DestroyPending {
  void operator()(duckdb_pending_result pending) const { duckdb_destroy_pending(&pending); }
};
using Pending = std::unique_ptr<std::remove_pointer_t<duckdb_pending_result>, DestroyPending>;

std::string_view text_of(const char* message) { return message == nullptr ? "" : message; }

Error failure_of(duckdb_result& result) {
  return failure(duckdb_result_error_type(&result), text_of(duckdb_result_error(&result)));
}

}  // namespace

Statement prepare(duckdb_connection connection, const std::string& sql) {
  const Waiting waiting;
  duckdb_prepared_statement raw = nullptr;
  const duckdb_state state = duckdb_prepare(connection, sql.c_str(), &raw);
  Statement statement(raw);
  if (state != DuckDBSuccess) throw failure(text_of(duckdb_prepare_error(raw)));
  return statement;
}

Result::Result(duckdb_connection connection, const std::string& sql, May may) {
  const std::optional<Waiting> waiting = may == May::be_cut_off ? std::make_optional<Waiting>() : std::nullopt;
  check(duckdb_query(connection, sql.c_str(), &result_));
}

Result::Result(duckdb_prepared_statement statement, const std::function<void()>& between) {
  const Waiting waiting;
  duckdb_pending_result raw = nullptr;
  const duckdb_state state = duckdb_pending_prepared(statement, &raw);
  const Pending pending(raw);
  if (state != DuckDBSuccess) throw failure(text_of(duckdb_pending_error(raw)));
  std::chrono::steady_clock::time_point next{};
  for (;;) {
    const duckdb_pending_state progress = duckdb_pending_execute_task(raw);
    if (progress == DUCKDB_PENDING_ERROR) throw failure(text_of(duckdb_pending_error(raw)));
    if (duckdb_pending_execution_is_finished(progress)) break;
    if (const auto now = std::chrono::steady_clock::now(); now >= next) {
      between();
      next = now + kBetween;
    }
    // DuckDB's other threads are at work, and it would say so again at once.
    if (progress == DUCKDB_PENDING_NO_TASKS_AVAILABLE) std::this_thread::sleep_for(kNap);
  }
  check(duckdb_execute_pending(raw, &result_));
}

void Result::check(duckdb_state state) {
  if (state == DuckDBSuccess) return;
  const Error error = failure_of(result_);
  duckdb_destroy_result(&result_);
  throw error;
}

StreamedResult::StreamedResult(duckdb_connection connection, const std::string& select)
    : statement_(prepare(connection, select)) {
  const Waiting waiting;
  if (duckdb_execute_prepared_streaming(statement_.get(), &result_) == DuckDBSuccess) return;
  const Error error = failure_of(result_);
  duckdb_destroy_result(&result_);
  throw error;
}

StreamedResult::~StreamedResult() {
  const Waiting waiting;
  duckdb_destroy_result(&result_);
}

Chunk StreamedResult::next() {
  const Waiting waiting;
  Chunk chunk(duckdb_fetch_chunk(result_));
  if (!chunk && duckdb_result_error(&result_) != nullptr) throw failure_of(result_);
  return chunk;
}

}  // namespace ingestr::duck
