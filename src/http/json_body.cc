#include "http/json_body.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/status.h"

namespace ingestr {
namespace {

// The index of the quote that closes the string which opens at `open`; npos when none does.
// Jumping from quote to quote lets the C library do the work.
size_t closing_quote(std::string_view text, size_t open) {
  for (size_t quote = text.find('"', open + 1); quote != std::string_view::npos;
       quote = text.find('"', quote + 1)) {
    size_t first = quote;
    while (first > open + 1 && text[first - 1] == '\\') --first;
    const bool escaped = (quote - first) % 2 == 1;
    if (!escaped) return quote;
  }
  return std::string_view::npos;
}

// The index behind the value that opens at `start`; nothing when the text ends first or brackets
// cross.
struct End {
  size_t index = 0;
  bool cut_off = false;
  bool crossed = false;
};

End end_of_value(std::string_view text, size_t start) {
  std::string open;  // the closing brackets that are owed, innermost last
  for (size_t at = start; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at = closing_quote(text, at);
        if (at == std::string_view::npos) return {.cut_off = true};
        break;
      case '{':
        open.push_back('}');
        break;
      case '[':
        open.push_back(']');
        break;
      case '}':
      case ']':
        if (open.back() != text[at]) return {.index = at, .crossed = true};
        open.pop_back();
        if (open.empty()) return {.index = at + 1};
        break;
      default:
        break;
    }
  }
  return {.cut_off = true};
}

}  // namespace

std::optional<std::string> json_defect(std::string_view body) {
  const size_t start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return "an empty body";
  if (is_markup(body)) return "an HTML page instead of JSON";
  if (body[start] != '{' && body[start] != '[') {
    return "text instead of JSON: " + shorten(body.substr(start), 100);
  }
  const End end = end_of_value(body, start);
  if (end.cut_off) {
    return fmt::format("a JSON body that is cut off after {} bytes", group_digits(body.size()));
  }
  if (end.crossed) {
    return fmt::format("a JSON body whose brackets do not match at byte {}",
                       group_digits(end.index));
  }
  if (body.find_first_not_of(" \t\r\n", end.index) != std::string_view::npos) {
    return fmt::format("a JSON body with something behind its end at byte {}",
                       group_digits(end.index));
  }
  return std::nullopt;
}

}  // namespace ingestr
