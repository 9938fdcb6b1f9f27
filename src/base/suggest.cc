#include "base/suggest.h"

#include <algorithm>
#include <numeric>

namespace ingestr {
namespace {

constexpr size_t kMostSlips = 2;

// Levenshtein's distance, one row of the table at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  size_t fewest = kMostSlips + 1;
  for (const std::string& candidate : candidates) {
    const size_t slips = distance(word, candidate);
    if (slips < fewest && slips * 2 < word.size()) {
      best = candidate;
      fewest = slips;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto candidate = closest(word, candidates);
  return candidate ? "; did you mean " + *candidate + "?" : "";
}

}  // namespace ingestr
