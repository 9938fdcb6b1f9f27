#include "sources/database/query.h"

#include "base/error.h"
#include "base/text.h"
#include "sources/database/sql_text.h"

namespace ingestr::database {
namespace {

constexpr std::string_view kStart = ":interval_start";
constexpr std::string_view kEnd = ":interval_end";

std::string_view without_semicolon(std::string_view query) {
  query = trim(query);
  while (query.ends_with(';')) query = trim(query.substr(0, query.size() - 1));
  return query;
}

// :: is a cast, and a:b a part of an array.
bool may_begin(std::string_view query, size_t at) {
  return at == 0 || !(query[at - 1] == ':' || is_name_character(query[at - 1]));
}

bool is_placeholder(std::string_view query, size_t at, std::string_view name) {
  const std::string_view rest = query.substr(at);
  return rest.starts_with(name) && (rest.size() == name.size() || !is_name_character(rest[name.size()])) && may_begin(query, at);
}

std::string literal(const std::optional<SystemTime>& time, const System& system) {
  if (!time) {
    throw Error(ErrorKind::usage,
                "the query has :interval_start or :interval_end; give --interval-start and --interval-end");
  }
  return system.time(*time, Type());
}

}  // namespace

std::optional<std::string> query_text(std::string_view table) {
  constexpr std::string_view kPrefix = "query:";
  if (!equal_ignoring_case(table.substr(0, kPrefix.size()), kPrefix)) return std::nullopt;
  const std::string_view query = without_semicolon(table.substr(kPrefix.size()));
  if (query.empty()) throw Error(ErrorKind::usage, "--source-table is query: without a SELECT behind it");
  return std::string(query);
}

std::string with_interval(const std::string& query, const ReadRequest& request, const System& system) {
  std::string text;
  bool used = false;
  for (size_t i = 0; i < query.size();) {
    if (const size_t end = end_of_text(query, i, system.family()); end > i) {
      text += query.substr(i, end - i);
      i = end;
      continue;
    }
    const bool is_start = is_placeholder(query, i, kStart);
    if (is_start || is_placeholder(query, i, kEnd)) {
      text += literal(is_start ? request.interval_start : request.interval_end, system);
      i += is_start ? kStart.size() : kEnd.size();
      used = true;
    } else {
      text += query[i++];
    }
  }
  if (request.has_interval() && !used) {
    throw Error(ErrorKind::usage,
                "an interval is given and the query does not use it; compare a column with :interval_start and :interval_end");
  }
  return text;
}

}  // namespace ingestr::database
