#include "base/quoted_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr size_t kShownNameBytes = 60;

}  // namespace

size_t end_of_quoted_name(std::string_view text) {
  if (!text.starts_with('"')) return 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    if (i + 1 == text.size() || text[i + 1] != '"') return i + 1;
    ++i;
  }
  throw Error(ErrorKind::usage, fmt::format("the name {} has no quote at its end; a quote in a name is written twice", shorten(text, kShownNameBytes)));
}

std::string name_written(std::string_view text) {
  if (text.empty() || end_of_quoted_name(text) != text.size()) return std::string(text);
  std::string name;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] == '"') ++i;
  }
  return name;
}

std::vector<std::string_view> split_names(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t first = std::min(text.find_first_not_of(" \t\r\n", start), text.size());
    const size_t end = std::min(text.find(separator, std::max(start, first + end_of_quoted_name(text.substr(first)))), text.size());
    parts.push_back(trim(text.substr(start, end - start)));
    start = end + 1;
  }
  return parts;
}

}  // namespace ingestr
