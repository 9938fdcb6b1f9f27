#include "sources/database/sql_text.h"

namespace ingestr::database {
namespace {

// Behind what is found from `from` on, or at the end.
size_t behind(std::string_view query, std::string_view part, size_t from) {
  const size_t found = query.find(part, from);
  return found == std::string_view::npos ? query.size() : found + part.size();
}

// A doubled quote begins another string at once, which comes to the same.
size_t end_of_quoted(std::string_view query, size_t at, bool backslashes) {
  for (size_t i = at + 1; i < query.size(); ++i) {
    if (backslashes && query[i] == '\\') {
      ++i;
    } else if (query[i] == query[at]) {
      return i + 1;
    }
  }
  return query.size();
}

// E'…', the E being a word of its own.
bool has_escapes(std::string_view query, size_t quote) {
  return quote > 0 && (query[quote - 1] == 'E' || query[quote - 1] == 'e') && (quote == 1 || !is_name_character(query[quote - 2]));
}

size_t end_of_block_comment(std::string_view query, size_t at, bool nested) {
  if (!nested) return behind(query, "*/", at + 2);
  size_t depth = 1;
  for (size_t i = at + 2; i < query.size(); ++i) {
    const std::string_view two = query.substr(i, 2);
    if (two != "/*" && two != "*/") continue;
    ++i;
    depth = two == "/*" ? depth + 1 : depth - 1;
    if (depth == 0) return i + 1;
  }
  return query.size();
}

// $$ … $$ or $tag$ … $tag$; $1 is a parameter, and a$b$ is a name.
size_t end_of_dollar_quoted(std::string_view query, size_t at) {
  if (at > 0 && is_name_character(query[at - 1])) return at;
  size_t end = at + 1;
  while (end < query.size() && is_name_character(query[end])) ++end;
  const bool begins_with_digit = end > at + 1 && query[at + 1] >= '0' && query[at + 1] <= '9';
  if (end == query.size() || query[end] != '$' || begins_with_digit) return at;
  return behind(query, query.substr(at, end + 1 - at), end + 1);
}

bool begins_line_comment(std::string_view rest, SqlFamily family) {
  if (family != SqlFamily::mysql) return rest.starts_with("--");
  return rest.starts_with('#') || (rest.starts_with("--") && (rest.size() == 2 || static_cast<unsigned char>(rest[2]) <= ' '));
}

bool begins_block_comment(std::string_view rest, SqlFamily family) {
  if (!rest.starts_with("/*")) return false;
  return family != SqlFamily::mysql || !(rest.substr(2).starts_with('!') || rest.substr(2).starts_with("M!"));
}

}  // namespace

size_t end_of_text(std::string_view query, size_t at, SqlFamily family) {
  const std::string_view rest = query.substr(at);
  if (begins_line_comment(rest, family)) return behind(query, "\n", at);
  if (begins_block_comment(rest, family)) return end_of_block_comment(query, at, family == SqlFamily::postgres);
  switch (query[at]) {
    case '\'':
      return end_of_quoted(query, at, family == SqlFamily::mysql || (family == SqlFamily::postgres && has_escapes(query, at)));
    case '"':
      return end_of_quoted(query, at, family == SqlFamily::mysql);
    case '`':
      return end_of_quoted(query, at, false);
    case '$':
      return family == SqlFamily::postgres ? end_of_dollar_quoted(query, at) : at;
    default:
      return at;
  }
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace ingestr::database
