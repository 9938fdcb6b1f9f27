// What stands in cells of Excel, as text: dates, times, names of cells, characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ingestr::files {

// The time of a number of days, to the millisecond. Excel counts from 1 January 1900, which is 1, and in workbooks of the other system
// from 1 January 1904, which is 0 (ECMA-376, part 1, 18.17.4.1). It takes 1900 for a leap year.
struct ExcelTime {
  std::optional<std::string> day;  // "2024-02-29"; nothing: Excel shows 29 February 1900, which is 60, or a 0 January, which is below 1
  std::string time;                // "01:02:03", "01:02:03.5"
  bool is_whole;                   // midnight
};
// Nothing for what Excel shows no date of: below 0 or after 9999.
std::optional<ExcelTime> excel_time(double days, bool from_1904);

// The shortest text of the double that a number of JSON stands for, "1.1" for 1.1000000000000001, as Excel writes doubles: with 17 digits. Whole
// numbers without exponent stay. Nothing for what no program writes for a double: of more digits, or none that a double gives back.
std::optional<std::string> double_text(std::string_view number);

// How long it is: "25:30:00", "-00:00:00.5". Nothing for more than a million years.
std::optional<std::string> elapsed_text(double days);

// The column of a reference like "AB12", from 0 on; nothing when it is none, or right of what a sheet has.
std::optional<uint32_t> column_of_cell(std::string_view reference);
// "AB" for 27.
std::string column_letters(uint32_t column);

// Characters by number, as _x000D_ (ECMA-376, part 1, 22.9.2.19): those that XML has no room for. What is no character, and the one
// with the number 0, stays as it is written.
std::string excel_decoded(std::string_view text);

// As a string of JSON, in quotes.
void append_json_text(std::string& to, std::string_view text);

}  // namespace ingestr::files
