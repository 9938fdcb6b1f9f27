#include "app/json_line.h"

#include <cmath>

#include <fmt/format.h>

namespace ingestr {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The length of the UTF-8 character that `text` begins with; 0 when it does not begin with one
// (Unicode 15.0, table 3-7).
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto follows = [&](size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xBF; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;  // longer than needed
    if (first == 0xED && second > 0x9F) return 0;  // a surrogate
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) {
      out += kReplacement;
      text.remove_prefix(1);
    } else {
      out += length == 1 ? escaped(text.front()) : std::string(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return out + "\"";
}

void JsonLine::key(std::string_view name) {
  if (text_.size() > 1) text_ += ",";
  text_ += fmt::format("\"{}\":", name);
}

JsonLine& JsonLine::add(std::string_view name, std::string_view value) {
  key(name);
  text_ += json_string(value);
  return *this;
}

JsonLine& JsonLine::add(std::string_view name, uint64_t value) {
  key(name);
  text_ += std::to_string(value);
  return *this;
}

JsonLine& JsonLine::add(std::string_view name, double value) {
  if (!std::isfinite(value)) return add_null(name);
  key(name);
  text_ += fmt::format("{:.3f}", value);
  return *this;
}

JsonLine& JsonLine::add(std::string_view name, const std::vector<std::string>& values) {
  key(name);
  text_ += "[";
  for (size_t i = 0; i < values.size(); ++i) text_ += (i == 0 ? "" : ",") + json_string(values[i]);
  text_ += "]";
  return *this;
}

JsonLine& JsonLine::add_null(std::string_view name) {
  key(name);
  text_ += "null";
  return *this;
}

}  // namespace ingestr
