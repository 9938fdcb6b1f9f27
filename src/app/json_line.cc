#include "app/json_line.h"

#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace ingestr {
namespace {

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
      out += kUtf8Replacement;
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
  text_ += json_string(name) + ":";
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

JsonLine& JsonLine::add(std::string_view name, bool value) {
  return add_json(name, value ? "true" : "false");
}

JsonLine& JsonLine::add(std::string_view name, const std::vector<std::string>& values) {
  key(name);
  text_ += "[";
  for (size_t i = 0; i < values.size(); ++i) text_ += (i == 0 ? "" : ",") + json_string(values[i]);
  text_ += "]";
  return *this;
}

JsonLine& JsonLine::add_null(std::string_view name) {
  return add_json(name, "null");
}

JsonLine& JsonLine::add_json(std::string_view name, std::string_view json) {
  key(name);
  text_ += json;
  return *this;
}

}  // namespace ingestr
