// TableAppender: writes batches into one table through DuckDB's own append path, without SQL text
// per row.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "data/batch.h"
#include "duck/connection.h"
#include "duck/handles.h"

namespace ingestr::duck {

// Rows go into the transaction that is open on the connection. They are handed over in portions:
// what was appended since the last flush() is dropped by the destructor. One thread at a time, the
// connection's.
class TableAppender {
 public:
  // The columns of `schema` are those of the table, in its order; the table's types may differ
  // where DuckDB has a cast from the Arrow type (a uuid travels as text). JSON columns take the
  // text as it is: it is neither parsed nor changed.
  TableAppender(Connection& connection, const std::string& catalog, const std::string& schema_name,
                const std::string& table, Schema schema, uint64_t earlier_rows = 0);

  // Appends `rows` rows of the batch from `first` on, which hold about `bytes` bytes. Throws
  // Error(bad_data) naming column, row and value when a value does not fit its column; rows are
  // counted from 1 on, over all that was appended and `earlier_rows` that came before.
  void append(Batch& batch, int64_t first, int64_t rows, uint64_t bytes);
  void flush();

 private:
  void append_slice(ArrowArray& slice);
  // Finds the value that DuckDB did not say; throws `otherwise` when all fit.
  [[noreturn]] void explain(const ArrowArray& slice, uint64_t first_row, const Error& otherwise);

  Connection& connection_;
  Schema schema_;
  ArrowTypesHandle types_;
  AppenderHandle appender_;
  uint64_t pending_bytes_ = 0;
  uint64_t appended_;
};

}  // namespace ingestr::duck
