#include "sources/database/query.h"

#include "base/error.h"
#include "base/text.h"

namespace ingestr::database {
namespace {

constexpr std::string_view kStart = ":interval_start";
constexpr std::string_view kEnd = ":interval_end";

std::string_view without_semicolon(std::string_view query) {
  query = trim(query);
  while (query.ends_with(';')) query = trim(query.substr(0, query.size() - 1));
  return query;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
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
  char quote = 0;
  for (size_t i = 0; i < query.size();) {
    const char c = query[i];
    const std::string_view rest = std::string_view(query).substr(i);
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (i == 0 || !is_word(query[i - 1])) {
      const auto is = [&](std::string_view name) {
        return rest.starts_with(name) && (rest.size() == name.size() || !is_word(rest[name.size()]));
      };
      if (is(kStart) || is(kEnd)) {
        text += literal(is(kStart) ? request.interval_start : request.interval_end, system);
        i += is(kStart) ? kStart.size() : kEnd.size();
        used = true;
        continue;
      }
    }
    text += c;
    ++i;
  }
  if (request.has_interval() && !used) {
    throw Error(ErrorKind::usage,
                "an interval is given and the query does not use it; compare a column with :interval_start and :interval_end");
  }
  return text;
}

}  // namespace ingestr::database
