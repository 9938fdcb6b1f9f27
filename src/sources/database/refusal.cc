#include "sources/database/refusal.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"

namespace ingestr::database {
namespace {

ErrorKind kind_of(std::string_view words, const Error& error) {
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
  std::string_view words = error.what();
  if (words.starts_with("DuckDB: ")) words.remove_prefix(8);
  constexpr std::string_view kDoubled = "has duplicate column name \"";
  if (const size_t at = words.find(kDoubled); at != std::string_view::npos) {
    const std::string_view name = words.substr(at + kDoubled.size());
    return doubled_name(wanted, name.substr(0, name.rfind('"')));
  }
  // It shows a statement that the user has not written.
  if (contains(words, "No fields returned by query")) return no_columns(wanted);
  if (wanted.is_query) return {kind_of(words, error), fmt::format("{} refuses the query of --source-table: {}", wanted.shown, words)};
  const ErrorKind kind = kind_of(words, error);
  // A list of names, and of which may be read, helps against nothing else: not against a timeout of the server's.
  const bool is_listed = kind == ErrorKind::not_found || kind == ErrorKind::auth;
  return {kind, fmt::format("{} cannot be read from {}: {}{}", wanted.table, wanted.shown, words, is_listed ? "; `ingestr tables` lists what there is" : "")};
}

}  // namespace ingestr::database
