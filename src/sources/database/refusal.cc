#include "sources/database/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "database/session.h"
#include "duck/engine_words.h"

namespace ingestr::database {
namespace {

template <size_t count>
bool says(std::string_view words, const std::string_view (&parts)[count]) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return contains(words, part); });
}

constexpr std::string_view kOfBytes = "invalid byte sequence for encoding";
constexpr std::string_view kOfDays = "Date out of range";  // MySQL's 2024-00-00

// Of a value, which is found out when the query runs.
constexpr std::string_view kOfValues[] = {"division by zero", "out of range", "invalid input syntax", "which DECIMAL(",
                                          kOfBytes, "has no equivalent in encoding"};

// libpq's, the extensions' and MariaDB's; a snapshot ends with the session that gave it to the others.
constexpr std::string_view kOfLostConnections[] = {
    "server closed the connection", "terminating connection", "SSL connection has been closed", "could not receive data from server",
    "Unable to read binary COPY data", "invalid snapshot identifier", "Lost connection to", "has gone away", "Connection was killed"};

// PostgreSQL's, of a statement.
constexpr std::string_view kOfCancelling = "canceling statement due to ";

// Who asks for rows hears them, and never who takes them.
constexpr std::string_view kOfReading[] = {
    "Failed to fetch header for COPY", "Expected an array with", "You have an error in your SQL syntax", "in prepared statement",
    "has not been populated", "which DECIMAL(", "division by zero", "Query execution was interrupted", kOfCancelling, kOfDays};

// No columns come of it.
constexpr std::string_view kOfNoRows[] = {"No fields returned by query", "query must return data", "Failed to fetch return types"};
constexpr std::string_view kOfParameters[] = {"number of parameters specified", "No data supplied for parameters", "but none were supplied"};

// MySQL's, which then repeats a part of the query, whatever it says.
constexpr std::string_view kInterruptedAdvice =
    "; somebody ended it there (KILL QUERY), or it took longer than the server allows (max_statement_time, max_execution_time): raise that, and run again";

constexpr std::string_view kOfSyntax = "You have an error in your SQL syntax";

bool is_of_syntax(std::string_view words) {
  return words.starts_with(kOfSyntax) || contains(words, "yntax error") || contains(words, "incomplete input") || contains(words, "unrecognized token") ||
         contains(words, "unterminated ") || contains(words, "multiple commands");
}

ErrorKind kind_of(std::string_view words, const Error& error) {
  if (words.starts_with(kOfSyntax)) return ErrorKind::usage;
  if (says(words, kOfValues)) return ErrorKind::bad_data;
  if (contains(words, "does not exist") || contains(words, "doesn't exist") || contains(words, "no such table")) return ErrorKind::not_found;
  if (contains(words, "ermission denied") || contains(words, "denied to user")) return ErrorKind::auth;
  return error.kind() == ErrorKind::internal ? ErrorKind::usage : error.kind();
}

Error doubled_name(const Wanted& wanted, std::string_view name) {
  if (wanted.is_query) {
    return {ErrorKind::usage, fmt::format("the query of --source-table gives more than one column called {} (case makes no difference); "
                                          "name each otherwise with AS", name)};
  }
  return {ErrorKind::usage, fmt::format("{} cannot be read from {}: it has more than one column called {} (case makes no difference); name "
                                        "each otherwise with query:SELECT … AS …", wanted.table, wanted.shown, name)};
}

// What the database said, or a sentence of ours that it was made to say.
std::string_view database_words(std::string_view words) {
  if (words.starts_with(duck::kEngineWords)) words.remove_prefix(duck::kEngineWords.size());
  if (const size_t at = words.find("ERROR:  "); at != std::string_view::npos) words.remove_prefix(at + 8);
  if (constexpr std::string_view kMade = "invalid input syntax for type numeric: \"NaN in"; words.starts_with(kMade)) {
    words = words.substr(kMade.size() - 6);
    words = words.substr(0, words.rfind('"'));
  }
  return words;
}

std::string_view cure(const Wanted& wanted, std::string_view words, ErrorKind kind) {
  if (contains(words, kOfBytes)) return "; a text in it is no UTF-8, so read its bytes, as in query:SELECT convert_to(column, 'SQL_ASCII')";
  if (contains(words, kOfDays)) return "; a date in it is no day, so read it as text, as in query:SELECT CAST(column AS CHAR)";
  if (contains(words, "has not been populated")) return "; fill it there with REFRESH MATERIALIZED VIEW";
  if (contains(words, "Query execution was interrupted")) return kInterruptedAdvice;
  if (contains(words, "due to lock timeout")) return "; let whoever holds it end, and run again";
  if (contains(words, "due to user request") || contains(words, "due to statement timeout")) return kCancelledAdvice;
  // A list of names, and of which may be read, helps against nothing else: not against a timeout of the server's.
  const bool is_listed = kind == ErrorKind::not_found || kind == ErrorKind::auth;
  if (!wanted.is_query) return is_listed ? "; `ingestr tables` lists what there is" : "";
  return is_of_syntax(words) ? "; write a SELECT that can stand in parentheses" : "";
}

// MariaDB's client says nothing of what ended in the middle of its rows, so that nobody knows which it was (duck/failure.cc).
Error lost(const Wanted& wanted, std::string_view words) {
  const std::string_view read = wanted.is_query ? "the query of --source-table" : std::string_view(wanted.table);
  if (contains(words, "Lost connection to the server")) {
    return {ErrorKind::unavailable, fmt::format("{} ended the session or its statement while {} was read (KILL does, and so does a limit of time); see "
                                                "its log, and run again",
                                                wanted.shown, read)};
  }
  return {ErrorKind::unavailable, fmt::format("the connection to {} was lost while {} was read: the server ended it; see its log, and run again",
                                              wanted.shown, read)};
}

bool is_lost(const Error& error) {
  const std::string_view words = database_words(error.what());
  const bool repeats_users = words.starts_with(kOfSyntax) || says(words, kOfValues);  // words of the query, or of a value
  return !repeats_users && says(error.what(), kOfLostConnections);
}

Error no_columns(const Wanted& wanted) {
  if (wanted.is_query) return {ErrorKind::usage, "the query of --source-table gives no columns; write a SELECT that gives some"};
  return {ErrorKind::usage, fmt::format("{} cannot be read from {}: it has no columns; name another table", wanted.table, wanted.shown)};
}

}  // namespace

void check_names(const Wanted& wanted, const std::vector<ReadColumn>& columns) {
  std::set<std::string> names;
  for (const ReadColumn& column : columns) {
    if (!names.insert(to_lower(column.name)).second) throw doubled_name(wanted, column.name);
  }
}

Error refusal(const Wanted& wanted, const Error& error) {
  const std::string_view words = database_words(error.what());
  if (is_lost(error)) return lost(wanted, error.what());
  constexpr std::string_view kDoubled = "has duplicate column name \"";
  if (const size_t at = words.find(kDoubled); at != std::string_view::npos) {
    const std::string_view name = words.substr(at + kDoubled.size());
    return doubled_name(wanted, name.substr(0, name.rfind('"')));
  }
  // They show a statement that the user has not written.
  if (says(words, kOfNoRows)) return no_columns(wanted);
  if (wanted.is_query && says(words, kOfParameters)) {
    return {ErrorKind::usage, fmt::format("{} refuses the query of --source-table: it has a parameter, such as $1 or ?, that nothing gives a "
                                          "value; write the value in its place", wanted.shown)};
  }
  if (contains(words, "Expected an array with")) {
    return {ErrorKind::bad_data, fmt::format("{} cannot be read from {}: an array in it has more dimensions than one; read it with query:SELECT "
                                                "to_json(column)", wanted.is_query ? "the query of --source-table" : wanted.table, wanted.shown)};
  }
  const ErrorKind kind = kind_of(words, error);
  const std::string_view what_to_do = cure(wanted, words, kind);
  if (wanted.is_query) return {kind, fmt::format("{} refuses the query of --source-table: {}{}", wanted.shown, words, what_to_do)};
  return {kind, fmt::format("{} cannot be read from {}: {}{}", wanted.table, wanted.shown, words, what_to_do)};
}

std::optional<SourceFailure> read_failure(const Wanted& wanted, const Error& error) {
  const std::string_view words = error.what();
  // Words that the engine has not handed on are of somebody else's connection.
  const bool is_engines = words.starts_with(duck::kEngineWords);
  if (!is_engines || (!says(words, kOfReading) && !says(words, kOfLostConnections))) return std::nullopt;
  const Error told = refusal(wanted, error);
  return SourceFailure(told.kind(), told.what(), is_lost(error));
}

}  // namespace ingestr::database
