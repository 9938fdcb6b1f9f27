#include "files/excel_value.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "base/utf8.h"

namespace ingestr::files {
namespace {

constexpr int64_t kDayMs = 86'400'000, kSecondMs = 1'000;
constexpr uint32_t kSheetColumns = 16'384;
constexpr int64_t kDays1900 = -25'569, kDays1904 = -24'107;  // what 0 is, as days from 1970-01-01: 1899-12-30 and 1904-01-01
constexpr int64_t kNever = 60;                               // 29 February 1900
constexpr int64_t kLastDay = 2'932'896;                      // 9999-12-31
constexpr double kMostDays = 365'250'000;
constexpr size_t kEscapeBytes = 7;                           // _x000D_

std::string clock_text(int64_t ms) {
  std::string text = fmt::format("{:02}:{:02}:{:02}", ms / (3'600 * kSecondMs), ms / (60 * kSecondMs) % 60, ms / kSecondMs % 60);
  if (ms % kSecondMs != 0) {
    text += fmt::format(".{:03}", ms % kSecondMs);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

constexpr size_t kSafeDigits = 15, kMostNumberDigits = 17;  // digits10 and max_digits10 of a double

// From the first to the last digit that is no zero at the edge.
std::string digits_of(std::string_view number) {
  std::string digits;
  for (const char c : number.substr(0, number.find_first_of("eE"))) {
    if (c >= '0' && c <= '9' && (c != '0' || !digits.empty())) digits += c;
  }
  return digits.erase(digits.find_last_not_of('0') + 1);
}

// The number of "_x000D_" at the beginning of a text.
std::optional<char32_t> escaped_character(std::string_view text) {
  if (text.size() < kEscapeBytes || !text.starts_with("_x") || text[kEscapeBytes - 1] != '_') return std::nullopt;
  uint32_t number = 0;
  const char* end = text.data() + kEscapeBytes - 1;
  const auto result = std::from_chars(text.data() + 2, end, number, 16);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return static_cast<char32_t>(number);
}

}  // namespace

std::optional<std::string> double_text(std::string_view number) {
  const bool is_plain = number.find_first_of("eE") == std::string_view::npos;
  if (is_plain && number.size() <= kSafeDigits) return std::string(number);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  const std::string digits = digits_of(number);
  if (digits.size() > kMostNumberDigits) return std::nullopt;
  if (digits.size() > kSafeDigits && digits_of(fmt::format("{:.{}e}", value, digits.size() - 1)) != digits) return std::nullopt;
  const bool is_whole = is_plain && number.find('.') == std::string_view::npos;
  return is_whole || digits.size() <= kSafeDigits ? std::string(number) : fmt::format("{}", value);
}

std::optional<ExcelTime> excel_time(double days, bool from_1904) {
  if (!(days >= 0) || days > kMostDays) return std::nullopt;
  const int64_t ms = std::llround(days * static_cast<double>(kDayMs));
  const int64_t number = ms / kDayMs;
  ExcelTime time{std::nullopt, clock_text(ms % kDayMs), ms % kDayMs == 0};
  if (!from_1904 && (number == 0 || number == kNever)) return time;
  const bool is_early = !from_1904 && number < kNever;
  const int64_t day = number + (is_early ? 1 : 0) + (from_1904 ? kDays1904 : kDays1900);
  if (day > kLastDay) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  time.day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return time;
}

std::optional<std::string> elapsed_text(double days) {
  if (!(std::fabs(days) <= kMostDays)) return std::nullopt;
  const int64_t ms = std::llround(days * static_cast<double>(kDayMs));
  return (ms < 0 ? "-" : "") + clock_text(ms < 0 ? -ms : ms);
}

std::optional<uint32_t> column_of_cell(std::string_view reference) {
  uint32_t column = 0;
  size_t letters = 0;
  for (; letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z'; ++letters) {
    column = column * 26 + static_cast<uint32_t>(reference[letters] - 'A' + 1);
    if (column > kSheetColumns) return std::nullopt;
  }
  if (letters == 0 || letters == reference.size() || reference.find_first_not_of("0123456789", letters) != std::string_view::npos) return std::nullopt;
  return column - 1;
}

std::string column_letters(uint32_t column) {
  std::string letters;
  for (uint32_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return letters;
}

std::string excel_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const size_t mark = std::min(text.find("_x"), text.size());
    decoded += text.substr(0, mark);
    text.remove_prefix(mark);
    const std::optional<char32_t> first = escaped_character(text);
    if (!first) {
      decoded += text.substr(0, 1);
      if (!text.empty()) text.remove_prefix(1);
      continue;
    }
    const bool is_high = *first >= 0xD800 && *first < 0xDC00, is_low = *first >= 0xDC00 && *first < 0xE000;
    const std::optional<char32_t> second = is_high ? escaped_character(text.substr(kEscapeBytes)) : std::nullopt;
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      append_utf8(decoded, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
      text.remove_prefix(2 * kEscapeBytes);
      continue;
    }
    if (is_high || is_low || *first == 0) {
      decoded += text.substr(0, kEscapeBytes - 1);  // its last _ may be the first of another one
      text.remove_prefix(kEscapeBytes - 1);
      continue;
    }
    append_utf8(decoded, *first);
    text.remove_prefix(kEscapeBytes);
  }
  return decoded;
}

void append_json_text(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (static_cast<uint8_t>(c) < ' ') {
      to += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      to += c;
    }
  }
  to += '"';
}

}  // namespace ingestr::files
