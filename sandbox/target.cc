#include "target.h"

#include <algorithm>

#include "hex.h"

namespace sandbox {
std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

Parameters::Parameters(std::string_view target) {
  std::string_view rest = target.substr(path_of(target).size());
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view pair = rest.substr(0, rest.find('&'));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      pairs_.emplace_back(percent_decoded(pair.substr(0, equals)),
                          percent_decoded(pair.substr(std::min(equals + 1, pair.size()))));
    rest.remove_prefix(pair.size());
  }
}

std::optional<std::string> Parameters::find(std::string_view name) const {
  const auto found = std::find_if(pairs_.begin(), pairs_.end(),
                                  [&](const auto& pair) { return pair.first == name; });
  return found == pairs_.end() ? std::nullopt : std::optional(found->second);
}

std::string Parameters::text_without(std::string_view name) const {
  auto sorted = pairs_;
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (const auto& [key, value] : sorted)
    if (key != name) text += key + '=' + value + '&';
  return text;
}

}  // namespace sandbox
