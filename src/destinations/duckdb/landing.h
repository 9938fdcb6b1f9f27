// Landing: the appender of a DuckDB file.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "base/counters.h"
#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/store.h"
#include "duck/table_appender.h"
#include "engine/destination.h"

namespace ingestr {

// Rows go into one transaction, which ends early where the table gets a column or rows are wide.
class Landing final : public Appender {
 public:
  // The others outlive it. `schema` is that of the table. Throws Error(cancelled) from
  // append() and finish() once `stop` is requested.
  Landing(Store& store, const DuckdbDialect& dialect, TableName table, Schema schema,
          std::stop_token stop, Counters& counters);
  ~Landing() override;

  void append(Batch batch) override;
  void append(const Relation& relation) override;
  void finish() override;

 private:
  void begin();
  void commit();
  uint64_t insert(const Relation& relation);
  void grow(const Schema& schema);
  void append_slice(Batch& batch, int64_t first, int64_t rows, uint64_t bytes_per_row);
  void cut(uint64_t rows, uint64_t bytes);

  Store& store_;
  const DuckdbDialect& dialect_;
  TableName table_;
  Schema schema_;
  std::stop_token stop_;
  Counters& counters_;
  duck::Connection connection_;
  std::optional<duck::Transaction> transaction_;  // of batches; nothing after a relation
  std::unique_ptr<duck::TableAppender> rows_;
  uint64_t group_rows_ = 0;  // of the row group that is being filled, about
  uint64_t group_bytes_ = 0;
  uint64_t landed_rows_ = 0;
  uint64_t landed_bytes_ = 0;
  bool committed_ = false;  // some rows are
  bool finished_ = false;
};

}  // namespace ingestr
