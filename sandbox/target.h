// Target: the path and the query string of a request, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

// Still encoded.
std::string_view path_of(std::string_view target);

std::string percent_decoded(std::string_view text);

// The query string of a target, decoded.
class Parameters {
 public:
  explicit Parameters(std::string_view target);

  // The first of that name.
  std::optional<std::string> find(std::string_view name) const;

  // All but one, in alphabetical order: the same text for the same parameters.
  std::string text_without(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace sandbox
