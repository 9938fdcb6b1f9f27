// PostgresClient: one session of a PostgreSQL server.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/postgres_server.h"

struct pg_conn;
struct pg_result;

namespace ingestr::database {

// One thread at a time. What is wrong is an Error whose text names the server: bad_data for a value, constraint
// for a row, auth, conflict for what others hold or depend on, unavailable when the session is lost, cancelled.
//
// When the stop token is requested, the statement that runs at that moment is cancelled at the server. Statements that start
// later run as usual, so that a cancelled run can still clean up.
class PostgresClient {
 public:
  using Row = std::vector<std::optional<std::string>>;  // nothing: NULL

  // Connects. Throws the server's connect_failure().
  PostgresClient(PostgresServer server, std::stop_token stop);
  ~PostgresClient();
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  const PostgresServer& server() const { return server_; }

  // Runs one or more statements; the rows of the last one, each value as text. For small results.
  std::vector<Row> query(const std::string& sql);
  void execute(const std::string& sql) { query(sql); }
  // Lets the server make sense of one statement, without running it.
  void check(const std::string& statement);

 private:
  using Result = std::unique_ptr<pg_result, void (*)(pg_result*)>;
  using Interrupt = std::stop_callback<std::function<void()>>;

  Result run(const std::string& sql);
  Error failure(const pg_result* result) const;

  PostgresServer server_;
  std::stop_token stop_;
  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
  std::unique_ptr<Interrupt> interrupt_;  // gone before what it interrupts
};

// A transaction of a session: rolled back by the destructor unless committed. At most one at a time.
class PostgresTransaction {
 public:
  explicit PostgresTransaction(PostgresClient& client);
  ~PostgresTransaction();
  PostgresTransaction(const PostgresTransaction&) = delete;
  PostgresTransaction& operator=(const PostgresTransaction&) = delete;

  // Throws when the server did not commit; when the session is lost in it nobody knows, and the Error says so.
  void commit();

 private:
  PostgresClient& client_;
  bool open_ = true;
};

}  // namespace ingestr::database
