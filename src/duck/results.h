// Results of statements, as owners of what the C API hands out. For src/duck only.
#pragma once

#include <duckdb.h>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>

namespace ingestr::duck {

struct DestroyChunk {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, DestroyChunk>;

struct DestroyStatement {
  void operator()(duckdb_prepared_statement statement) const { duckdb_destroy_prepare(&statement); }
};
using Statement = std::unique_ptr<std::remove_pointer_t<duckdb_prepared_statement>, DestroyStatement>;

// Throws what duck/failure.h says.
Statement prepare(duckdb_connection connection, const std::string& sql);

// The result of a statement that has run to its end.
class Result {
 public:
  // Of what makes changes durable nobody could say what became of it when the process ends meanwhile (base/forced_end.h).
  enum class May { be_cut_off, only_end };
  Result(duckdb_connection connection, const std::string& sql, May may = May::be_cut_off);
  // Runs it bit by bit on this thread, `between` being called in between.
  Result(duckdb_prepared_statement statement, const std::function<void()>& between);
  ~Result() { duckdb_destroy_result(&result_); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;

  duckdb_result& get() { return result_; }

 private:
  void check(duckdb_state state);

  duckdb_result result_{};
};

// The result of a SELECT that is worked out while it is read.
class StreamedResult {
 public:
  StreamedResult(duckdb_connection connection, const std::string& select);
  ~StreamedResult();
  StreamedResult(const StreamedResult&) = delete;
  StreamedResult& operator=(const StreamedResult&) = delete;

  duckdb_result& get() { return result_; }
  Chunk next();  // nothing at the end

 private:
  Statement statement_;
  duckdb_result result_{};
};

}  // namespace ingestr::duck
