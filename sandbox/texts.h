// The vocabulary of the generated data. All of it is JSON already: what stands between the quotes
// of a JSON string, escapes included, or the text of a JSON number. It goes out as it is, byte for
// byte.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

using Texts = std::span<const std::string_view>;

Texts first_words();  // invented words for names of firms and people; plain ASCII letters, as
                      // domains are made of them too
Texts second_words();
Texts job_titles();
Texts wild_texts();    // escapes, emoji, combining marks, right to left, control characters, the
                       // empty string; never NUL
Texts wild_numbers();  // beyond 2^53, beyond 2^63, many digits, exponents; all within the range of
                       // a double
Texts wild_amounts();  // currency values: at most four decimals
Texts wild_dates();
Texts wild_timestamps();  // with all nine digits used
Texts localities();
Texts country_codes();
Texts currency_codes();  // quoted, as one of them is null

// Long running text out of words of many scripts, cut at word boundaries only.
class Filler {
 public:
  // Can give any length up to `longest`.
  explicit Filler(size_t longest);

  // About `length` bytes (at most one word more). `draw` decides where the text starts. Valid as
  // long as the Filler.
  std::string_view text(uint64_t draw, size_t length) const;

 private:
  std::string corpus_;
  std::vector<size_t> word_starts_;
  size_t usable_starts_ = 0;  // words that have `longest` bytes after them
};

}  // namespace sandbox
