// Session: one session of a database server, whatever its kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr::database {

// One thread at a time. What is wrong is an Error whose text names the server: bad_data for a value, constraint
// for a row, auth, conflict for what others hold or depend on, unavailable when the session is lost, cancelled.
class Session {
 public:
  using Row = std::vector<std::optional<std::string>>;  // nothing: NULL

  virtual ~Session() = default;

  // The rows of a statement, each value as text. For small results.
  virtual std::vector<Row> query(const std::string& sql) = 0;
  void execute(const std::string& sql) { query(sql); }
  // The one number that a SELECT gives.
  uint64_t number(const std::string& select) { return std::stoull(query(select).at(0).at(0).value()); }
};

// What to do when the disk of a server is full, for the end of a sentence.
inline constexpr std::string_view kFullDiskAdvice = "; make room on the server's disk, and run again";

// The same where a server of PostgreSQL has cancelled a statement and nobody here asked for it, which has one code whoever it was.
inline constexpr std::string_view kCancelledAdvice =
    "; somebody cancelled it there (pg_cancel_backend), or it took longer than statement_timeout allows: raise that of the role "
    "(ALTER ROLE … SET statement_timeout = 0), and run again";

// Whether the process may end by force (base/forced_end.h) while a server does the statement: not what it does for good, for nobody
// could say whether it did.
bool may_be_cut_off(std::string_view statement);

// A transaction of a session: rolled back by the destructor unless committed. At most one at a time.
class Transaction {
 public:
  explicit Transaction(Session& session, const std::string& begin = "BEGIN");
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Throws when the server did not commit; when the session is lost in it nobody knows, and the Error says so.
  void commit();

 private:
  Session& session_;
  bool open_ = true;
};

}  // namespace ingestr::database
