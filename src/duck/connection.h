// Connection: one session of an engine. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "data/schema.h"
#include "data/stream.h"
#include "duck/handles.h"

namespace ingestr::duck {

// When the stop token is requested, the statement that runs at that moment ends with
// Error(cancelled). Statements that start later run as usual, so that a cancelled run can still
// clean up; callers look at the token themselves.
class Connection {
 public:
  using Row = std::vector<std::optional<std::string>>;  // nothing: NULL

  Connection(ConnectionHandle handle, std::stop_token stop);

  // Runs one or more statements and drops their results. Throws what duck/failure.h says.
  void execute(const std::string& sql);
  // Likewise, what makes changes durable: it is waited for, whatever the user wants meanwhile.
  void finish(const std::string& sql);
  // Runs one statement that changes rows and says how many it changed. `watch` is called by this thread again and again
  // while it runs, with the share that is done, 0 to 1; nothing: not known yet. What it throws ends the statement.
  using Watch = std::function<void(std::optional<double> done)>;
  uint64_t change(const std::string& statement, const Watch& watch);
  // Pushes the rows of a SELECT, whose columns are those of `schema`, in order.
  void read(const std::string& select, const Schema& schema, BatchSink& rows);
  // The rows of a SELECT, each value as text. For small results.
  std::vector<Row> query(const std::string& select);
  // The same, each row as soon as it is there, until `take` says that it wants no more.
  void query(const std::string& select, const std::function<bool(Row row)>& take);
  // The columns that a SELECT gives, without running it.
  Schema describe(const std::string& select);

  _duckdb_connection* get() const { return handle_.get(); }

 private:
  // What goes wrong once the stop is requested goes wrong because of that.
  template <class Work>
  decltype(auto) interruptible(Work&& work);
  std::vector<Row> rows_of(const std::string& select);
  void take_rows(const std::string& select, const std::function<bool(Row row)>& take);
  void push_rows(const std::string& select, const Schema& schema, BatchSink& rows);

  ConnectionHandle handle_;
  std::stop_token stop_;
  std::unique_ptr<Interrupt> interrupt_;  // gone before what it interrupts
};

// A transaction of a connection: rolled back by the destructor unless committed. At most one at a
// time.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Throws when DuckDB cannot make the changes durable; they are then undone.
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace ingestr::duck
