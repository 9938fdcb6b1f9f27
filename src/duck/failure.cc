#include "duck/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/fetched.h"
#include "base/text.h"
#include "data/doubled_key.h"
#include "duck/csv_failure.h"
#include "duck/engine_words.h"
#include "duck/http_failure.h"
#include "duck/json_failure.h"

namespace ingestr::duck {
namespace {

constexpr size_t kShownMessageBytes = 300;
constexpr size_t kRaisedBytes = 1000;

// Some functions of the C API report the JSON form of an exception.
std::string_view plain(std::string_view message) {
  constexpr std::string_view kKey = "\"exception_message\":\"";
  const size_t at = message.find(kKey);
  if (at == std::string_view::npos) return message;
  message.remove_prefix(at + kKey.size());
  return message.substr(0, message.find("\","));
}

// What a database server said of a statement or of connection parameters that an extension sent it:
// `column "x" does not exist` from
// `Binder Error: Failed to prepare query "SELECT x": ERROR:  column "x" does not exist`. The statement may be long.
std::string_view server_words(std::string_view message) {
  message = message.substr(0, message.find("\n\nLINE 1: "));
  const bool is_servers = std::ranges::any_of(
      std::array{"Failed to prepare query \"", "Failed to prepare MySQL query \"", "Failed to execute query \"",
                 "Failed to execute MySQL query \"", "Failed to fetch result row for MySQL query \"", "Failed to prepare COPY \"",
                 "Unable to connect to Postgres at \"", "Failed to connect to MySQL database with parameters \""},
      [&](const char* words) { return contains(message, words); });
  if (!is_servers) return message;
  constexpr std::string_view kPostgres = "\": ERROR:  ";
  if (const size_t at = message.rfind(kPostgres); at != std::string_view::npos) {
    return message.substr(at + kPostgres.size());
  }
  // MySQL's repeat what is wrong of the statement, in which such an end may be.
  constexpr std::string_view kMysqlSyntax = "\": You have an error in your SQL syntax";
  constexpr std::string_view kEnd = "\": ";
  size_t at = message.rfind(kMysqlSyntax);
  if (at == std::string_view::npos) at = message.rfind(kEnd);
  if (at == std::string_view::npos) return message;
  // SQLite's `near "x": syntax error` has such an end in itself.
  constexpr std::string_view kNear = "\": near \"";
  const size_t near = message.rfind(kNear, at);
  if (near != std::string_view::npos && near < at && message.find('"', near + kNear.size()) == at) at = near;
  message.remove_prefix(at + kEnd.size());
  return trim(message).empty() ? "Lost connection to the server" : message;  // whose session has ended says nothing
}

// By which a statement of ours is known at a server (database/statement_mark.h).
std::string without_marks(std::string message) {
  constexpr std::string_view kBegin = "/* ingestr ", kEnd = " */ ";
  for (size_t at = message.find(kBegin); at != std::string::npos; at = message.find(kBegin, at)) {
    const size_t end = message.find(kEnd, at);
    message.erase(at, end == std::string::npos ? end : end + kEnd.size() - at);
  }
  return message;
}

std::string first_line(std::string_view message) {
  message = server_words(plain(message));
  return shorten(without_marks(std::string(trim(message.substr(0, message.find('\n'))))), kShownMessageBytes);
}

bool disk_is_full(std::string_view message) {
  return contains(message, "No space left on device") || contains(message, "Disk quota exceeded") ||
         contains(message, "max_temp_directory_size");
}

// Of this process; nothing: none is reached.
std::optional<Error> limit_reached(std::string_view message) {
  if (contains(message, "File too large")) {
    return Error(ErrorKind::unavailable, "a file may not grow any more; raise the limit of this process (ulimit -f), or name a file on another file system, and run again");
  }
  if (contains(message, "Too many open files")) {
    return Error(ErrorKind::unavailable, "too many files are open; raise the limit of this process (ulimit -n) and run again");
  }
  return std::nullopt;
}

// Where memory runs out while a transaction commits, the type is that of a failed commit.
bool memory_is_out(duckdb_error_type type, std::string_view message) {
  return type == DUCKDB_ERROR_OUT_OF_MEMORY || contains(message, "failed to pin block") ||
         contains(message, "could not allocate block") ||
         contains(message, "failed to allocate data");
}

ErrorKind kind_of(duckdb_error_type type) {
  switch (type) {
    case DUCKDB_ERROR_OUT_OF_RANGE:
    case DUCKDB_ERROR_CONVERSION:
    case DUCKDB_ERROR_DECIMAL:
    case DUCKDB_ERROR_MISMATCH_TYPE:
    case DUCKDB_ERROR_DIVIDE_BY_ZERO:
    case DUCKDB_ERROR_OBJECT_SIZE:
    case DUCKDB_ERROR_INVALID_INPUT:
      return ErrorKind::bad_data;
    case DUCKDB_ERROR_CONSTRAINT:
      return ErrorKind::constraint;
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_DEPENDENCY:
    case DUCKDB_ERROR_TRANSACTION:
      return ErrorKind::conflict;
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_NETWORK:
    case DUCKDB_ERROR_HTTP:
      return ErrorKind::unavailable;
    case DUCKDB_ERROR_PERMISSION:
      return ErrorKind::auth;
    case DUCKDB_ERROR_NOT_IMPLEMENTED:
      return ErrorKind::unsupported;
    case DUCKDB_ERROR_SETTINGS:
    case DUCKDB_INVALID_CONFIGURATION:
      return ErrorKind::usage;
    default:
      return ErrorKind::internal;  // DuckDB may have kinds that its header does not name yet
  }
}

// How the text of an exception begins, before " Error: ".
constexpr std::pair<std::string_view, duckdb_error_type> kTypeNames[] = {
    {"Out of Range", DUCKDB_ERROR_OUT_OF_RANGE},
    {"Conversion", DUCKDB_ERROR_CONVERSION},
    {"Decimal", DUCKDB_ERROR_DECIMAL},
    {"Mismatch Type", DUCKDB_ERROR_MISMATCH_TYPE},
    {"Divide by Zero", DUCKDB_ERROR_DIVIDE_BY_ZERO},
    {"Object Size", DUCKDB_ERROR_OBJECT_SIZE},
    {"TransactionContext", DUCKDB_ERROR_TRANSACTION},
    {"Not implemented", DUCKDB_ERROR_NOT_IMPLEMENTED},
    {"Catalog", DUCKDB_ERROR_CATALOG},
    {"Parser", DUCKDB_ERROR_PARSER},
    {"Binder", DUCKDB_ERROR_BINDER},
    {"Constraint", DUCKDB_ERROR_CONSTRAINT},
    {"Connection", DUCKDB_ERROR_CONNECTION},
    {"Syntax", DUCKDB_ERROR_SYNTAX},
    {"Settings", DUCKDB_ERROR_SETTINGS},
    {"IO", DUCKDB_ERROR_IO},
    {"INTERRUPT", DUCKDB_ERROR_INTERRUPT},
    {"FATAL", DUCKDB_ERROR_FATAL},
    {"Invalid Input", DUCKDB_ERROR_INVALID_INPUT},
    {"Out of Memory", DUCKDB_ERROR_OUT_OF_MEMORY},
    {"Permission", DUCKDB_ERROR_PERMISSION},
    {"Dependency", DUCKDB_ERROR_DEPENDENCY},
    {"HTTP", DUCKDB_ERROR_HTTP},
};

duckdb_error_type error_type_of(std::string_view message) {
  const std::string_view name = message.substr(0, message.find(" Error: "));
  for (const auto& [known, type] : kTypeNames) {
    if (name == known) return type;
  }
  return DUCKDB_ERROR_INTERNAL;
}

// "python3.11 (PID 28717)" from "Conflicting lock is held in /usr/bin/python3.11 (PID 28717). See
// also …".
std::optional<std::string> lock_holder(std::string_view message) {
  constexpr std::string_view kHeld = "lock is held in ";
  const size_t at = message.find(kHeld);
  if (at == std::string_view::npos) return std::nullopt;
  message.remove_prefix(at + kHeld.size());
  const size_t pid = message.find("PID ");
  if (pid == std::string_view::npos) return std::nullopt;
  const size_t end = message.find_first_not_of("0123456789", pid + 4);
  std::string_view program = trim(message.substr(0, pid == 0 ? 0 : pid - 1));
  program.remove_prefix(program.rfind('/') + 1);  // npos + 1 is 0
  const std::string_view number = message.substr(pid, end - pid);
  return program.empty() ? std::string(number) : fmt::format("{} ({})", program, number);
}

// What SQL or a function of ours raised. It comes first: the text holds a value, which may be anything.
std::optional<std::string> raised(std::string_view message) {
  const std::string prefix = fmt::format("Invalid Input Error: {}", kRaised);
  if (!message.starts_with(prefix)) return std::nullopt;
  return shorten(message.substr(prefix.size()), kRaisedBytes);
}

// Of a value, which may be any words too, such as those of an outage.
bool is_of_values(duckdb_error_type type) {
  return type == DUCKDB_ERROR_CONVERSION || type == DUCKDB_ERROR_OUT_OF_RANGE || type == DUCKDB_ERROR_DECIMAL || type == DUCKDB_ERROR_CONSTRAINT;
}

// Of the files, stores, servers and limits that the engine meets.
std::optional<Error> outage(duckdb_error_type type, std::string_view message) {
  if (const auto error = http_failure(plain(message))) return error;
  if (const auto error = limit_reached(message)) return error;
  if (disk_is_full(message)) {
    return Error(ErrorKind::unavailable, fmt::format("the disk is full; make room and run again ({})", first_line(message)));
  }
  if (memory_is_out(type, message)) {
    return Error(ErrorKind::no_memory, fmt::format("DuckDB's memory limit is too low for this data; set INGESTR_DUCKDB_MEMORY_LIMIT higher, "
                                                   "for example to 1GB ({})",
                                                   first_line(message)));
  }
  return std::nullopt;
}

// `id: 5` from `Constraint Error: Duplicate key "id: 5" violates primary key constraint.`, or from
// what a commit says: `PRIMARY KEY or UNIQUE constraint violation: duplicate key "5"`.
std::optional<std::string> doubled_key(std::string_view message) {
  message = plain(message);
  for (const std::string_view words : {"Duplicate key \"", "duplicate key \""}) {
    const size_t at = message.find(words);
    if (at == std::string_view::npos) continue;
    message.remove_prefix(at + words.size());
    return shorten(message.substr(0, message.find('"')), kShownMessageBytes);
  }
  return std::nullopt;
}

// "NOT NULL constraint failed: t.n" from "Constraint Error: NOT NULL constraint failed: t.n".
std::string without_type(const std::string& line) {
  constexpr std::string_view kEnd = " Error: ";
  const size_t at = line.find(kEnd);
  return at == std::string::npos ? line : line.substr(at + kEnd.size());
}

Error failure_as_told(duckdb_error_type type, std::string_view message) {
  if (type == DUCKDB_ERROR_INTERRUPT) return interrupted();
  if (const auto text = raised(message)) return Error(ErrorKind::bad_data, *text);
  if (const auto error = csv_failure(message)) return *error;
  if (const auto error = json_failure(message)) return *error;
  if (const auto error = is_of_values(type) ? std::nullopt : outage(type, message)) return *error;
  if (const auto key = doubled_key(message)) return key_is_there(*key);
  if (type == DUCKDB_ERROR_CONSTRAINT) {
    return Error(ErrorKind::constraint, fmt::format("a row breaks a constraint ({})", without_type(first_line(message))));
  }
  if (type == DUCKDB_ERROR_FATAL) {
    return Error(ErrorKind::unavailable,
                 fmt::format("DuckDB gave the file up after a failed write; run again ({})",
                             first_line(message)));
  }
  return Error(kind_of(type), fmt::format("{}{}", kEngineWords, first_line(message)));
}

}  // namespace

std::string raised_text(const std::exception& error) {
  const auto* ours = dynamic_cast<const Error*>(&error);
  return ours != nullptr && ours->kind() == ErrorKind::bad_data ? fmt::format("{}{}", kRaised, error.what()) : error.what();
}

Error failure(duckdb_error_type type, std::string_view message) {
  const Error error = failure_as_told(type, message);
  return Error(error.kind(), with_origins(error.what()));
}

Error failure(std::string_view message) {
  return failure(error_type_of(message), message);
}

Error failure(duckdb_error_data error) {
  const char* message = duckdb_error_data_message(error);
  Error result = failure(duckdb_error_data_error_type(error), message == nullptr ? "" : message);
  duckdb_destroy_error_data(&error);
  return result;
}

Error open_failure(std::string_view message, std::string_view shown) {
  const auto error = [&](ErrorKind kind, std::string_view what) {
    return Error(kind, fmt::format("cannot open {}: {}", shown, what));
  };
  if (contains(message, "Could not set lock on file")) {
    const auto holder = lock_holder(message);
    return error(ErrorKind::conflict,
                 fmt::format("it is in use by {}; close it there and run again",
                             holder ? *holder : std::string("another program")));
  }
  if (contains(message, "already attached") || contains(message, "already exists")) {
    return error(ErrorKind::conflict, "this program has it open already");
  }
  if (contains(message, "not a valid DuckDB database file")) {
    return error(
        ErrorKind::bad_data,
        "it is not a DuckDB database; name another file, or remove this one if it is not needed");
  }
  if (contains(message, "Could not read enough bytes from file")) {
    return error(ErrorKind::bad_data, "it is cut short, so not all of it can be read; restore it, or name another file");
  }
  if (contains(message, "Permission denied") || contains(message, "Operation not permitted")) {
    return error(ErrorKind::auth,
                 "no permission to write it; change its owner or mode, or name another file");
  }
  if (contains(message, "Read-only file system")) {
    return error(ErrorKind::auth, "its file system is read-only; name a file elsewhere");
  }
  if (contains(message, "PipeFileSystem")) return error(ErrorKind::usage, "it is no regular file; name another one");
  if (contains(message, "Too many levels of symbolic links")) {
    return error(ErrorKind::usage, "symbolic links go in a circle there; name another file");
  }
  if (contains(message, "Is a directory")) {
    return error(ErrorKind::usage, "it is a directory; name a file in it");
  }
  if (contains(message, "No such file or directory") || contains(message, "Not a directory")) {
    return error(ErrorKind::not_found,
                 "its directory does not exist and cannot be made; name a file elsewhere");
  }
  if (const auto reached = limit_reached(message)) return error(reached->kind(), reached->what());
  if (disk_is_full(message))
    return error(ErrorKind::unavailable, "the disk is full; make room and run again");
  if (contains(message, "encrypt")) {
    return error(ErrorKind::unsupported, "it is encrypted, which this program cannot read yet");
  }
  return error(ErrorKind::unavailable, first_line(message));
}

}  // namespace ingestr::duck
