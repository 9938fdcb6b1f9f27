#include "database/sqlite_client.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "database/sqlite_functions.h"

namespace ingestr::database {
namespace {

constexpr auto kNap = std::chrono::milliseconds(20);
constexpr int kCacheKibibytes = 65'536;

struct SqliteCode {
  int code;  // primary
  ErrorKind kind;
  const char* advice;
};

constexpr SqliteCode kCodeKinds[] = {
    {SQLITE_BUSY, ErrorKind::conflict, "another program has it locked; close it there and run again"},
    {SQLITE_LOCKED, ErrorKind::conflict, "another program has it locked; close it there and run again"},
    {SQLITE_NOTADB, ErrorKind::bad_data, "it is no SQLite database; name another file"},
    {SQLITE_CORRUPT, ErrorKind::bad_data, "the file is damaged; mend it with `sqlite3 FILE .recover` or name another"},
    {SQLITE_FULL, ErrorKind::unavailable, "no room is left on the disk; make room and run again"},
    {SQLITE_READONLY, ErrorKind::auth, "no permission to write it; change its owner or mode, or those of its directory"},
    {SQLITE_PERM, ErrorKind::auth, "no permission to write it; change its owner or mode, or those of its directory"},
    {SQLITE_CANTOPEN, ErrorKind::auth, "the file, or the journal beside it, cannot be opened; change the mode of its directory"},
    {SQLITE_IOERR, ErrorKind::unavailable, "the disk fails, or no room is left on it; see to it and run again"},
    {SQLITE_NOMEM, ErrorKind::unavailable, "no memory is left"},
};

struct WordsKind {
  int code;
  ErrorKind kind;
};

// Those whose words say what is wrong.
constexpr WordsKind kWordsKinds[] = {
    {SQLITE_CONSTRAINT, ErrorKind::constraint}, {SQLITE_MISMATCH, ErrorKind::bad_data}, {SQLITE_TOOBIG, ErrorKind::bad_data},
    {SQLITE_RANGE, ErrorKind::internal},        {SQLITE_MISUSE, ErrorKind::internal},   {SQLITE_AUTH, ErrorKind::auth},
};

int flags_of(SqliteClient::Mode mode) {
  switch (mode) {
    case SqliteClient::Mode::read_write:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case SqliteClient::Mode::read_only:
      return SQLITE_OPEN_READONLY;
    case SqliteClient::Mode::in_memory:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
  }
  return 0;
}

std::optional<std::string> text_of_cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return std::nullopt;
    case SQLITE_FLOAT:
      return text_of_double(sqlite3_column_double(statement, column));
    default: {  // of a text the blob is in the encoding of the file, and the text in UTF-8
      const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
      const void* bytes = is_blob ? sqlite3_column_blob(statement, column) : sqlite3_column_text(statement, column);
      const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
      return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
    }
  }
}

}  // namespace

SqliteClient::SqliteClient(const std::filesystem::path& path, Mode mode, std::stop_token stop)
    : path_(path), stop_(std::move(stop)), connection_(nullptr, sqlite3_close_v2) {
  // An absolute path is never taken for a URI or for a database in memory.
  const std::string file = mode == Mode::in_memory ? ":memory:" : std::filesystem::absolute(path).string();
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags_of(mode) | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_.reset(connection);
  if (connection == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) throw failure(code);
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_handler(connection, &SqliteClient::wait, this);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "nope" is no text
  register_sqlite_functions(connection);
  interrupt_ = std::make_unique<Interrupt>(stop_, [connection] { sqlite3_interrupt(connection); });
  execute(fmt::format("PRAGMA cache_size = -{}; PRAGMA foreign_keys = OFF; SELECT count(*) FROM sqlite_schema", kCacheKibibytes));
}

SqliteClient::~SqliteClient() = default;

int SqliteClient::wait(void* client, int attempts) {
  const auto* self = static_cast<const SqliteClient*>(client);
  if (attempts * kNap >= self->patience_ || self->stop_.stop_requested()) return 0;
  std::this_thread::sleep_for(kNap);
  return 1;
}

SqliteClient::Prepared SqliteClient::prepare(std::string_view& sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &statement, &rest);
  Prepared prepared(statement, sqlite3_finalize);
  if (code != SQLITE_OK) throw failure(code);
  if (rest == sql.data() && !sql.empty()) {
    throw Error(ErrorKind::usage, fmt::format("SQLite ({}): a NUL ends the statement, and more comes behind it", path_.string()));
  }
  sql.remove_prefix(static_cast<size_t>(rest - sql.data()));
  return prepared;
}

std::vector<Session::Row> SqliteClient::query(const std::string& sql) {
  interrupt_->settle();
  std::vector<Row> rows;
  std::string_view rest = sql;
  while (!trim(rest).empty()) {
    const Prepared statement = prepare(rest);
    if (!statement) continue;  // a comment
    rows.clear();
    int code = sqlite3_step(statement.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) {
      Row& row = rows.emplace_back();
      for (int column = 0; column < sqlite3_column_count(statement.get()); ++column) {
        row.push_back(text_of_cell(statement.get(), column));
      }
    }
    if (code != SQLITE_DONE) throw failure(code);
  }
  return rows;
}

void SqliteClient::check(const std::string& statement) {
  std::string_view sql = statement;
  prepare(sql);
}

std::string SqliteClient::collation_of(const std::string& table, const std::string& column) const {
  const char* name = nullptr;
  const int code = sqlite3_table_column_metadata(connection_.get(), "main", table.c_str(), column.c_str(), nullptr, &name, nullptr, nullptr, nullptr);
  return code == SQLITE_OK && name != nullptr ? name : "BINARY";
}

void SqliteClient::roll_back() {
  if (sqlite3_get_autocommit(connection_.get()) == 0) execute("ROLLBACK");
}

Error SqliteClient::failure(int code) const {
  const int primary = code & 0xFF;
  if (primary == SQLITE_INTERRUPT || (primary == SQLITE_BUSY && stop_.stop_requested())) {
    return interrupted();
  }
  for (const SqliteCode& known : kCodeKinds) {
    if (known.code == primary) return Error(known.kind, fmt::format("cannot use {}: {}", path_.string(), known.advice));
  }
  const auto* known = std::ranges::find(kWordsKinds, primary, &WordsKind::code);
  const ErrorKind kind = known == std::end(kWordsKinds) ? ErrorKind::usage : known->kind;
  const std::string text = fmt::format("SQLite ({}): {}", path_.string(), sqlite3_errmsg(connection_.get()));
  return Error(kind, kind == ErrorKind::constraint ? fmt::format("a row breaks a constraint ({})", text) : text);
}

// Where a living writer has the file locked it is as it was; whoever reads it then finds that out.
void undo_killed_writer(const std::filesystem::path& path, std::stop_token stop) {
  std::error_code missing;
  const auto journal = std::filesystem::file_size(std::filesystem::path(path) += "-journal", missing);
  if (missing || journal == 0) return;
  try {
    SqliteClient(path, SqliteClient::Mode::read_write, std::move(stop));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::conflict) return;
    if (error.kind() != ErrorKind::auth) throw;
    throw Error(ErrorKind::auth, fmt::format("a writer of {0} was killed in mid-work; open it once as its owner with sqlite3 {0} .tables, and run again",
                                             path.string()));
  }
}

SqliteStatement::SqliteStatement(SqliteClient& client, const std::string& sql)
    : client_(client), statement_(nullptr, sqlite3_finalize) {
  std::string_view text = sql;
  statement_ = client.prepare(text);
}

void SqliteStatement::check(int code) const {
  if (code != SQLITE_OK) throw client_.failure(code);
}

void SqliteStatement::bind_null(int parameter) { check(sqlite3_bind_null(statement_.get(), parameter + 1)); }
void SqliteStatement::bind(int parameter, int64_t value) { check(sqlite3_bind_int64(statement_.get(), parameter + 1, value)); }
void SqliteStatement::bind(int parameter, double value) { check(sqlite3_bind_double(statement_.get(), parameter + 1, value)); }

// A null pointer would be NULL.
void SqliteStatement::bind_text(int parameter, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_.get(), parameter + 1, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind_blob(int parameter, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_blob64(statement_.get(), parameter + 1, bytes, value.size(), SQLITE_STATIC));
}

void SqliteStatement::run() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return;
  }
  Error error = client_.failure(code);
  sqlite3_reset(statement_.get());
  throw error;
}

std::vector<std::string> columns_of_broken_key(std::string_view words) {
  constexpr std::string_view kBegin = "UNIQUE constraint failed: ";
  const size_t at = words.find(kBegin);
  if (at == std::string_view::npos) return {};
  words.remove_prefix(at + kBegin.size());
  if (words.ends_with(')')) words.remove_suffix(1);
  std::vector<std::string> columns;
  for (const std::string& part : split(words, ',')) {
    const std::string_view name = trim(part);
    columns.emplace_back(name.substr(name.rfind('.') + 1));
  }
  return columns;
}

}  // namespace ingestr::database
