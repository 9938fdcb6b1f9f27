#include "files/number_format.h"

#include <string>

#include "base/text.h"

namespace ingestr::files {
namespace {

// The letters d, m, y, h, s of a code in order, each run as one and in lower case; M: three or more m, H, N, S: elapsed hours,
// minutes and seconds.
std::string letters_of(std::string_view code) {
  std::string letters;
  for (size_t at = 0; at < code.size();) {
    const char c = to_lower(code.substr(at, 1)).front();
    size_t end = at + 1;
    if (c == '"' || c == '[') {
      end = std::min(code.find(c == '"' ? '"' : ']', at + 1), code.size());
      const std::string inside = to_lower(code.substr(at + 1, end - at - 1));
      const bool is_elapsed = c == '[' && !inside.empty() && inside.find_first_not_of(inside.front()) == std::string::npos;
      if (is_elapsed && inside.front() == 'h') letters += 'H';
      if (is_elapsed && inside.front() == 'm') letters += 'N';
      if (is_elapsed && inside.front() == 's') letters += 'S';
      ++end;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++end;
    } else if (to_lower(code.substr(at, 5)) == "am/pm") {
      end = at + 5;
    } else if (to_lower(code.substr(at, 3)) == "a/p") {
      end = at + 3;
    } else if (std::string_view("dmyhs").find(c) != std::string_view::npos) {
      while (end < code.size() && to_lower(code.substr(end, 1)).front() == c) ++end;
      letters += c == 'm' && end - at >= 3 ? 'M' : c;
    }
    at = end;
  }
  return letters;
}

bool is_minutes(std::string_view letters, size_t at) {
  const auto is_one_of = [&](size_t place, std::string_view some) { return place < letters.size() && some.find(letters[place]) != std::string_view::npos; };
  return (at > 0 && is_one_of(at - 1, "hH")) || is_one_of(at + 1, "sS");
}

}  // namespace

CellForm cell_form(std::string_view code) {
  const std::string letters = letters_of(code);
  bool has_date = false, has_time = false, is_elapsed = false;
  for (size_t i = 0; i < letters.size(); ++i) {
    const char c = letters[i];
    const bool is_month = c == 'M' || (c == 'm' && !is_minutes(letters, i));
    if (is_month || c == 'd' || c == 'y') has_date = true;
    else has_time = true;
    if (c == 'H' || c == 'N' || c == 'S') is_elapsed = true;
  }
  if (has_date) return has_time ? CellForm::timestamp : CellForm::date;
  if (is_elapsed) return CellForm::elapsed;
  return has_time ? CellForm::time : CellForm::number;
}

CellForm built_in_form(unsigned number) {
  if (number == 22) return CellForm::timestamp;
  if (number == 46) return CellForm::elapsed;
  // 32 and 33 are times in every East Asian language; 34, 35, 55 and 56 are times in Chinese and dates in Japanese and Korean, and no
  // workbook says in which of them they are meant.
  if ((number >= 18 && number <= 21) || number == 32 || number == 33 || number == 45 || number == 47) return CellForm::time;
  const bool is_date = (number >= 14 && number <= 17) || (number >= 27 && number <= 36) || (number >= 50 && number <= 58);
  return is_date ? CellForm::date : CellForm::number;
}

}  // namespace ingestr::files
