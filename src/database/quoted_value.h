// A value as texts of parameters have it, those of libpq and of DuckDB's ATTACH.
#pragma once

#include <string>
#include <string_view>

namespace ingestr::database {

// Between quotes of that kind, with a backslash in front of what would end it.
inline std::string quoted_value(std::string_view value, char quote) {
  std::string text(1, quote);
  for (const char c : value) {
    if (c == quote || c == '\\') text += '\\';
    text += c;
  }
  return text + quote;
}

}  // namespace ingestr::database
