#include "destinations/database/sqlite_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::database {
namespace {

struct Token {
  enum class Kind { word, quoted, sign, comment };
  Kind kind;
  std::string_view text;  // in the statement

  bool is(std::string_view word) const { return kind == Kind::word && equal_ignoring_case(text, word); }
  bool is_sign(char sign) const { return kind == Kind::sign && text.front() == sign; }
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// The length of what is in quotes at the beginning; a quote in it is doubled, but in brackets.
size_t quoted_length(std::string_view text) {
  const char end = text.front() == '[' ? ']' : text.front();
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] != end) continue;
    if (end == ']' || i + 1 == text.size() || text[i + 1] != end) return i + 1;
    ++i;
  }
  return text.size();
}

Token first_token(std::string_view text) {
  const char c = text.front();
  if (text.starts_with("--")) return {Token::Kind::comment, text.substr(0, text.find('\n'))};
  if (text.starts_with("/*")) {
    const size_t end = text.find("*/", 2);
    return {Token::Kind::comment, text.substr(0, end == std::string_view::npos ? end : end + 2)};
  }
  if (c == '\'' || c == '"' || c == '`' || c == '[') return {Token::Kind::quoted, text.substr(0, quoted_length(text))};
  const size_t length = static_cast<size_t>(std::ranges::find_if_not(text, is_word_character) - text.begin());
  if (length > 0) return {Token::Kind::word, text.substr(0, length)};
  return {Token::Kind::sign, text.substr(0, 1)};
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  while (!(text = trim(text)).empty()) {
    const Token token = first_token(text);
    text.remove_prefix(token.text.size());
    if (token.kind != Token::Kind::comment) tokens.push_back(token);
  }
  return tokens;
}

// From the beginning of one token to the end of another one.
std::string_view between(const Token& first, const Token& last) {
  return {first.text.data(), static_cast<size_t>(last.text.data() + last.text.size() - first.text.data())};
}

std::string plain_name(const Token& token) {
  if (token.kind == Token::Kind::word) return std::string(token.text);
  const char quote = token.text.front();
  std::string name;
  for (size_t i = 1; i + 1 < token.text.size(); ++i) {
    name += token.text[i];
    if (quote != '[' && token.text[i] == quote) ++i;
  }
  return name;
}

constexpr std::string_view kTableConstraints[] = {"constraint", "primary", "unique", "check", "foreign"};
constexpr std::string_view kColumnConstraints[] = {"constraint", "primary", "not",        "null",      "unique", "check",
                                                   "default",    "collate", "references", "generated", "as"};

bool is_one_of(const Token& token, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}

SqliteDefinition::Part part_of(std::span<const Token> tokens) {
  SqliteDefinition::Part part;
  if (is_one_of(tokens.front(), kTableConstraints)) {
    part.rest = between(tokens.front(), tokens.back());
    return part;
  }
  part.is_column = true;
  part.name = plain_name(tokens.front());
  part.name_text = tokens.front().text;
  const auto type = tokens.subspan(1);
  const auto rest = std::ranges::find_if(type, [](const Token& token) { return is_one_of(token, kColumnConstraints); });
  if (rest != type.begin()) part.type = between(type.front(), *(rest - 1));
  if (rest != type.end()) part.rest = between(*rest, type.back());
  return part;
}

// A comment to the end of the line would take what follows.
std::string_view separator(const std::string& text) { return text.find("--") == std::string::npos ? "" : "\n"; }

}  // namespace

std::string SqliteDefinition::Part::sql() const {
  std::string text = name_text;
  for (const std::string& piece : {type, rest}) {
    if (!piece.empty()) text += (text.empty() ? "" : " ") + piece;
  }
  return text;
}

bool SqliteDefinition::is_strict() const { return has_sql_word(options, "strict"); }

std::string SqliteDefinition::sql(std::string_view table) const {
  std::string text = fmt::format("CREATE TABLE {} (", table);
  for (const Part& part : parts) {
    const std::string sql = part.sql();
    text += fmt::format("{}{}{}", &part == &parts.front() ? "" : ", ", sql, separator(sql));
  }
  return text + ")" + (options.empty() ? "" : " " + options);
}

SqliteDefinition parse_sqlite_definition(std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  SqliteDefinition definition;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool opens = tokens[i].is_sign('('), closes = tokens[i].is_sign(')');
    if (closes) --depth;
    const bool ends = (closes && depth == 0) || (tokens[i].is_sign(',') && depth == 1);
    if (ends && i > begin) definition.parts.push_back(part_of(std::span(tokens).subspan(begin, i - begin)));
    if (ends || (opens && depth == 0)) begin = i + 1;
    if (opens) ++depth;
    if (!closes || depth != 0) continue;
    if (i + 1 < tokens.size()) definition.options = between(tokens[i + 1], tokens.back());
    return definition;
  }
  throw Error(ErrorKind::internal, fmt::format("no definition of a table: {}", shorten(sql, 100)));
}

bool has_sql_word(std::string_view piece, std::string_view word) {
  return std::ranges::any_of(tokens_of(piece), [&](const Token& token) { return token.is(word); });
}

bool has_outer_sql_word(std::string_view piece, std::string_view word) {
  int depth = 0;
  for (const Token& token : tokens_of(piece)) {
    if (token.is_sign('(')) ++depth;
    if (token.is_sign(')')) --depth;
    if (depth == 0 && token.is(word)) return true;
  }
  return false;
}

}  // namespace ingestr::database
