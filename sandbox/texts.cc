#include "texts.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "random.h"

namespace sandbox {

using namespace std::string_view_literals;

Texts first_words() {
  static constexpr std::array kWords{
      "Halden"sv,  "Brisko"sv,   "Tavemo"sv,  "Quillon"sv, "Orvane"sv, "Zephyra"sv,  "Mirelo"sv,
      "Kestova"sv, "Dunmeric"sv, "Falzen"sv,  "Ystrad"sv,  "Pelumo"sv, "Corvanta"sv, "Ridgelin"sv,
      "Solvane"sv, "Wexport"sv,  "Arbelio"sv, "Nimbrel"sv, "Ulvaro"sv, "Gantrel"sv};
  return kWords;
}

Texts second_words() {
  static constexpr std::array kWords{
      "Freight"sv, "Quarry"sv, "Optics"sv,  "Harbour"sv,  "Looms"sv,  "Signal"sv,
      "Orchard"sv, "Ledger"sv, "Turbine"sv, "Ceramics"sv, "Apiary"sv, "Foundry"sv,
      "Canvas"sv,  "Meadow"sv, "Beacon"sv,  "Pantry"sv,   "Lantern"sv};
  return kWords;
}

Texts job_titles() {
  static constexpr std::array kTitles{"Head of Intake"sv,
                                      "Buyer"sv,
                                      "Ingénieure réseau"sv,
                                      "CTO \\/ co-founder"sv,
                                      "Leiter Qualitätssicherung"sv,
                                      "品質管理"sv,
                                      "VP \\\"Growth\\\""sv,
                                      "Analyst 📊"sv};
  return kTitles;
}

Texts wild_texts() {
  static constexpr std::array kTexts{
      ""sv,
      " leading and trailing "sv,
      "S-0001 \\/ α"sv,
      "quote \\\" backslash \\\\ slash \\/ and a raw /"sv,
      "line one\\nline two\\r\\n\\ttabbed \\b\\f"sv,
      "control \\u0001\\u001f\\u007f end"sv,
      "line separators \\u2028 and \\u2029, raw: \xE2\x80\xA8"sv,
      "caf\\u00e9 = café = cafe\xCC\x81"sv,
      "rocket \\ud83d\\ude80 = 🚀, family 👩‍👩‍👧‍👦, flag 🇳🇴"sv,
      "שלום עולם"sv,
      "مرحبا بالعالم \\u200f"sv,
      "漢字かな交じり文 ภาษาไทย हिन्दी"sv,
      "\xEF\xBB\xBF"
      "byte order mark first"sv,
      "zero\\u200bwidth\xC2\xA0no-break"sv,
      "NULL"sv,
      "null"sv,
      "true"sv,
      "2026-05-05"sv,
      "0123456789012345678901234567890"sv,
      "<b>&amp;\\u003c\\/script\\u003e"sv,
      "=1+1;DROP TABLE x;--"sv,
      "a,b;c|d\\te'f`g"sv,
      "Z\xCC\xB6\xCC\x9A\xCD\x97\xCC\x88"
      "algo"sv,
      "{\\\"json\\\":[1,null]}"sv,
  };
  return kTexts;
}

Texts wild_numbers() {
  static constexpr std::array kNumbers{"0"sv,
                                       "-1"sv,
                                       "12.0625"sv,
                                       "9007199254740993"sv,
                                       "12345678901234567890"sv,
                                       "0.1000000000000000055511151"sv,
                                       "-9223372036854775808"sv,
                                       "18446744073709551616"sv,
                                       "1e21"sv,
                                       "1.5E-7"sv,
                                       "-0.5"sv,
                                       "123456789.123456789"sv,
                                       "3.14159265358979323846264338327950288"sv,
                                       "1.7976931348623157e308"sv,
                                       "100.00"sv,
                                       "-0"sv};
  return kNumbers;
}

Texts wild_amounts() {
  static constexpr std::array kAmounts{"0"sv,      "-12.5"sv,       "1234567890123.4567"sv,
                                       "0.0001"sv, "99999999999"sv, "0.10"sv};
  return kAmounts;
}

Texts wild_dates() {
  static constexpr std::array kDates{"2026-04-30"sv, "2024-02-29"sv, "1969-12-31"sv, "1899-12-31"sv,
                                     "9999-12-31"sv};
  return kDates;
}

Texts wild_timestamps() {
  static constexpr std::array kTimes{
      "2026-05-04T23:59:59.999999999Z"sv, "1970-01-01T00:00:00.000000000Z"sv,
      "2026-03-29T01:30:00.123456789Z"sv, "1901-12-13T20:45:51.000001000Z"sv};
  return kTimes;
}

Texts localities() {
  static constexpr std::array kPlaces{"Leeds"sv, "Århus"sv,   "Kraków"sv,          "São Paulo"sv,
                                      "東京"sv,  "القاهرة"sv, "St. John\\u2019s"sv};
  return kPlaces;
}

Texts country_codes() {
  static constexpr std::array kCodes{"GB"sv, "DK"sv, "PL"sv, "BR"sv, "JP"sv, "EG"sv, "CA"sv};
  return kCodes;
}

Texts currency_codes() {
  static constexpr std::array kCodes{"\"USD\""sv, "\"EUR\""sv, "\"GBP\""sv, "\"JPY\""sv, "null"sv};
  return kCodes;
}

Filler::Filler(size_t longest) {
  static constexpr std::array kWords{"the"sv,
                                     "freight"sv,
                                     "of"sv,
                                     "northern"sv,
                                     "ports,"sv,
                                     "moves"sv,
                                     "café"sv,
                                     "and"sv,
                                     "\\\"quoted\\\""sv,
                                     "goods"sv,
                                     "since"sv,
                                     "1998."sv,
                                     "Größe"sv,
                                     "for"sv,
                                     "customers"sv,
                                     "in"sv,
                                     "東京"sv,
                                     "with"sv,
                                     "care"sv,
                                     "and\\/or"sv,
                                     "speed.\\n"sv,
                                     "Ask"sv,
                                     "us"sv,
                                     "about"sv,
                                     "weather"sv,
                                     "📦"sv,
                                     "tracking"sv,
                                     "warehouses"sv,
                                     "across"sv,
                                     "every"sv,
                                     "time"sv,
                                     "zone;"sv,
                                     "naïve"sv,
                                     "plans"sv,
                                     "fail\\u2014ours"sv,
                                     "did"sv,
                                     "not."sv,
                                     "Łódź"sv,
                                     "to"sv,
                                     "sea"sv};
  Random random(hash_text("filler"));
  // Twice the longest text, so that texts can start at many places.
  const size_t size = std::max<size_t>(64 * 1024, 2 * longest) + longest;
  while (corpus_.size() < size) {
    word_starts_.push_back(corpus_.size());
    corpus_ += kWords[random.below(kWords.size())];
    corpus_ += ' ';
  }
  const auto last =
      std::upper_bound(word_starts_.begin(), word_starts_.end(), corpus_.size() - longest - 32);
  usable_starts_ = std::max<size_t>(static_cast<size_t>(last - word_starts_.begin()), 1);
}

std::string_view Filler::text(uint64_t draw, size_t length) const {
  const size_t begin = word_starts_[draw % usable_starts_];
  const auto end = std::lower_bound(word_starts_.begin(), word_starts_.end(), begin + length);
  return std::string_view(corpus_).substr(
      begin, (end == word_starts_.end() ? corpus_.size() : *end) - begin);
}

}  // namespace sandbox
