// SqliteClient: one session of a SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "database/session.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ingestr::database {

// When the stop token is requested, the statement that runs at that moment is interrupted, and nobody waits for a lock any
// more. Statements that start later run as usual, so that a cancelled run can still clean up. SQL may call what
// database/sqlite_functions.h describes.
class SqliteClient final : public Session {
 public:
  enum class Mode {
    read_write,  // makes the file if it is not there
    read_only,
    in_memory,   // of no file: an empty database; the path is what errors name
  };

  // Throws Error naming the path: bad_data for what is no SQLite database, auth, unavailable.
  SqliteClient(const std::filesystem::path& path, Mode mode, std::stop_token stop);
  ~SqliteClient() override;
  SqliteClient(const SqliteClient&) = delete;
  SqliteClient& operator=(const SqliteClient&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Runs one or more statements; the rows of the last one. Numbers have all their digits, 0.1 as well as 1e+300. Waits up to
  // `patience()` for others that have the file locked.
  std::vector<Row> query(const std::string& sql) override;
  // Lets SQLite make sense of one statement, without running it.
  void check(const std::string& statement);
  // By what a column of the file's compares texts, as it is declared: BINARY, NOCASE, … BINARY for what is no column.
  std::string collation_of(const std::string& table, const std::string& column) const;
  // Undoes the transaction that is open, if one is: one that could not be committed stays open.
  void roll_back();
  // Of the file, for what waits for a lock. 5 seconds at first.
  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

 private:
  friend class SqliteStatement;
  using Prepared = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

  // The next statement of `sql`, which loses it; nothing behind the last one.
  Prepared prepare(std::string_view& sql);
  Error failure(int code) const;
  static int wait(void* client, int attempts);

  std::filesystem::path path_;
  std::stop_token stop_;
  std::chrono::milliseconds patience_{5'000};
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection_;
  std::unique_ptr<Interrupt> interrupt_;  // gone before what it interrupts
};

// Lets SQLite undo what a killed writer has left half done in a file, for which its journal lies beside it: a session that may only read
// cannot. Throws Error(auth) naming the file where that may not be written.
void undo_killed_writer(const std::filesystem::path& path, std::stop_token stop);

// A statement that is run again and again with other values: `INSERT … VALUES (?, ?)`. The client outlives it. What is bound
// must stay where it is until run() has returned.
class SqliteStatement {
 public:
  SqliteStatement(SqliteClient& client, const std::string& sql);

  // Parameters count from 0.
  void bind_null(int parameter);
  void bind(int parameter, int64_t value);
  void bind(int parameter, double value);
  void bind_text(int parameter, std::string_view value);
  void bind_blob(int parameter, std::string_view value);
  // Throws as SqliteClient::query().
  void run();

 private:
  void check(int code) const;

  SqliteClient& client_;
  SqliteClient::Prepared statement_;
};

// The columns that a UNIQUE or PRIMARY KEY constraint is about which SQLite says was broken: "UNIQUE constraint failed: t.a, t.b".
// Nothing when it says something else.
std::vector<std::string> columns_of_broken_key(std::string_view words);

}  // namespace ingestr::database
