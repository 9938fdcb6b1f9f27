#include "duck/text.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::duck {
namespace {

std::string quote(std::string_view text, char mark) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(
        ErrorKind::unsupported,
        fmt::format("\"{}\" holds a NUL byte, which no database takes in SQL", shorten(text, 100)));
  }
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += mark;
    out += c;
  }
  out += mark;
  return out;
}

}  // namespace

std::string quote_name(std::string_view name) {
  if (name.empty())
    throw Error(ErrorKind::unsupported,
                "a column or table has an empty name, which no database takes");
  return quote(name, '"');
}

std::string quote_text(std::string_view text) {
  return quote(text, '\'');
}

std::string without_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[') {
      pattern += fmt::format("[{}]", c);
    } else {
      pattern += c;
    }
  }
  return pattern;
}

}  // namespace ingestr::duck
