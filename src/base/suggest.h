// "Did you mean …?"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

// The candidate that `word` is most likely a slip of: at most two letters added, left out or
// changed, and fewer than half of them. Nothing when there is none.
std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "; did you mean records?" with the candidate in front of the question mark, or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ingestr
