// PostgresClient: one session of a PostgreSQL server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "database/postgres_server.h"
#include "database/session.h"

struct pg_conn;
struct pg_result;

namespace ingestr::database {

// When the stop token is requested, the statement that runs at that moment is cancelled at the server. Statements that start
// later run as usual, so that a cancelled run can still clean up.
class PostgresClient final : public Session {
 public:
  // Connects. Throws the server's connect_failure(), and its unmet().
  PostgresClient(PostgresServer server, std::stop_token stop);
  ~PostgresClient() override;
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  // As other sessions of it are to be opened, the engine's too.
  const PostgresServer& server() const { return server_; }
  // A pooler is in between, so that nothing of the session may be kept from one transaction to the next, or left to others.
  bool is_pooled() const { return is_pooled_; }

  // From now on to its end the session changes nothing.
  void only_read();

  // Runs one or more statements; the rows of the last one.
  std::vector<Row> query(const std::string& sql) override;
  // Runs COPY … TO STDOUT and hands on what comes, piece by piece: in binary form each is a row, but for the first and the last,
  // which hold the head and the end as well. What `take` throws ends the copy.
  using Take = std::function<void(std::string_view piece)>;
  void copy_out(const std::string& statement, const Take& take);
  // Runs COPY … FROM STDIN with what `write` puts, all of it or nothing; says how many rows there were. What `write` throws
  // ends the copy, and is thrown.
  uint64_t copy_in(const std::string& statement, const std::function<void(const Take& put)>& write);

  // Lets the server make sense of one statement, without running it.
  void check(const std::string& statement);

  // The SQLSTATE of what went wrong last; empty: nothing did, or the session was lost.
  const std::string& last_state() const { return last_state_; }

 private:
  using Result = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  void look_at_session();
  Result run(const std::string& sql);
  // What a COPY that is running gives, to its end, which may be the session's.
  void pieces(const Take& take);
  // The results that are still to come, after COPY: the first that is an error, or else the first.
  Result rest();
  Error failure(const pg_result* result);

  PostgresServer server_;
  std::stop_token stop_;
  bool is_pooled_ = false;
  std::string last_state_;
  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
  std::unique_ptr<Interrupt> interrupt_;  // gone before what it interrupts
};

}  // namespace ingestr::database
