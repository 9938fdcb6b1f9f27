// PostgresClient: one session of a PostgreSQL server.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/postgres_server.h"
#include "database/session.h"

struct pg_conn;
struct pg_result;

namespace ingestr::database {

// When the stop token is requested, the statement that runs at that moment is cancelled at the server. Statements that start
// later run as usual, so that a cancelled run can still clean up.
class PostgresClient final : public Session {
 public:
  // Connects. Throws the server's connect_failure().
  PostgresClient(PostgresServer server, std::stop_token stop);
  ~PostgresClient() override;
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  const PostgresServer& server() const { return server_; }

  // Runs one or more statements; the rows of the last one.
  std::vector<Row> query(const std::string& sql) override;
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

}  // namespace ingestr::database
