// MysqlClient: one session of a MySQL or MariaDB server.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "database/mysql_server.h"
#include "database/session.h"

struct st_mysql;
struct st_mysql_stmt;

namespace ingestr::database {

// Its time zone is UTC, its SQL mode strict, a backslash in a literal is a backslash, and it may be idle for a year. When the stop
// token is requested, the statement that runs at that moment is cancelled at the server. Statements that start later run as
// usual, so that a cancelled run can still clean up.
class MysqlClient final : public Session {
 public:
  // For which it waits for others that use a table.
  static constexpr int kLockSeconds = 60;

  // Connects. Throws the server's connect_failure().
  MysqlClient(MysqlServer server, std::stop_token stop);
  ~MysqlClient() override;
  MysqlClient(const MysqlClient&) = delete;
  MysqlClient& operator=(const MysqlClient&) = delete;

  // Throws the server's connect_failure() when nobody answers there, or the server refuses user, password or database.
  static void reach(const MysqlServer& server);

  const MysqlServer& server() const { return server_; }
  bool is_mariadb() const;

  // Runs one statement.
  std::vector<Row> query(const std::string& sql) override;
  // Lets the server make sense of one statement, without running it.
  void check(const std::string& statement);
  // Likewise; says of each of its columns whether it is text, whatever the collation.
  std::vector<bool> texts(const std::string& select);

  // Writes what comes next into `bytes`, and returns how much that is; 0: there is no more. What it throws ends the load.
  using Fill = std::function<size_t(char* bytes, size_t size)>;
  // Runs a LOAD DATA LOCAL INFILE '' of what `fill` gives, and returns how many rows it made. A load that fails may have made
  // some, which a transaction takes back.
  uint64_t load(const std::string& statement, const Fill& fill);

  // Rows that the last statement inserted, changed or deleted.
  uint64_t changed() const;
  // What the last statement was not content with but did; nothing: it changed no value on its way.
  std::optional<std::string> complaint();
  // The server's number of what went wrong last.
  unsigned last_error() const;

  // "MySQL (shop on 127.0.0.1:3306): …" as an Error's text has it.
  std::string said(std::string_view words) const;

 private:
  using Handle = std::unique_ptr<st_mysql, void (*)(st_mysql*)>;

  static Handle connect(const MysqlServer& server);
  static Handle try_connect(const MysqlServer& server, MysqlServer::Tls tls);
  void run(const std::string& sql);
  struct CloseStatement {
    void operator()(st_mysql_stmt* statement) const;
  };
  using Prepared = std::unique_ptr<st_mysql_stmt, CloseStatement>;
  Prepared prepare(const std::string& statement);
  Error failure() const;

  MysqlServer server_;
  std::stop_token stop_;
  Handle connection_;
  std::unique_ptr<Interrupt> interrupt_;  // gone before what it interrupts
};

}  // namespace ingestr::database
