#include "files/excel_value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ingestr::files {
namespace {

std::string shown(double days, bool from_1904 = false) {
  const auto time = excel_time(days, from_1904);
  return time ? time->day.value_or("no day") + " " + time->time : "none";
}

TEST(ExcelValue, TimesOfBothSystems) {
  EXPECT_EQ(shown(1), "1900-01-01 00:00:00");
  EXPECT_EQ(shown(59), "1900-02-28 00:00:00");
  for (const double days : {60.0, 59.9999999999}) EXPECT_EQ(shown(days), "no day 00:00:00");
  EXPECT_EQ(shown(60.75), "no day 18:00:00");
  EXPECT_EQ(shown(0.5), "no day 12:00:00");
  EXPECT_EQ(shown(0), "no day 00:00:00");
  EXPECT_EQ(shown(0.9999999999), "1900-01-01 00:00:00");
  EXPECT_EQ(shown(61), "1900-03-01 00:00:00");
  EXPECT_EQ(shown(45292.5), "2024-01-01 12:00:00");
  EXPECT_EQ(shown(45292 - 1462 + 0.25, true), "2024-01-01 06:00:00");
  EXPECT_EQ(shown(0, true), "1904-01-01 00:00:00");
  EXPECT_EQ(shown(2958465), "9999-12-31 00:00:00");
  EXPECT_EQ(shown(45292.500001157408), "2024-01-01 12:00:00.1");
  for (const double days : {-1.0, 2958466.0, std::nan(""), HUGE_VAL}) EXPECT_EQ(shown(days), "none") << days;
}

TEST(ExcelValue, HowLong) {
  EXPECT_EQ(elapsed_text(25.5 / 24), "25:30:00");
  EXPECT_EQ(elapsed_text(-0.5), "-12:00:00");
  EXPECT_EQ(elapsed_text(0), "00:00:00");
  EXPECT_EQ(elapsed_text(HUGE_VAL), std::nullopt);
}

TEST(ExcelValue, NumbersOfDoubles) {
  EXPECT_EQ(double_text("1.1000000000000001"), "1.1");
  EXPECT_EQ(double_text("0.30000000000000004"), "0.30000000000000004");
  EXPECT_EQ(double_text("-1.50"), "-1.50");
  EXPECT_EQ(double_text("1e300"), "1e300");
  EXPECT_EQ(double_text("9007199254740992"), "9007199254740992");
  for (const char* number : {"9007199254740993", "1e400", "12345678901234567.89"}) EXPECT_EQ(double_text(number), std::nullopt) << number;
}

TEST(ExcelValue, NamesOfCells) {
  EXPECT_EQ(column_of_cell("A1"), 0U);
  EXPECT_EQ(column_of_cell("AB12"), 27U);
  EXPECT_EQ(column_of_cell("XFD1048576"), 16'383U);
  for (const char* name : {"", "A", "1", "XFE1", "a1", "A1B", "AAAAAAAAAAAA1"}) EXPECT_EQ(column_of_cell(name), std::nullopt) << name;
  for (const uint32_t column : {0U, 25U, 26U, 701U, 702U, 16'383U}) EXPECT_EQ(column_of_cell(column_letters(column) + "1"), column);
}

TEST(ExcelValue, CharactersByNumber) {
  EXPECT_EQ(excel_decoded("a_x000D_b"), "a\rb");
  EXPECT_EQ(excel_decoded("_x005F_x000D_"), "_x000D_");
  EXPECT_EQ(excel_decoded("_xD83D__xDE00_"), "\xF0\x9F\x98\x80");
  for (const char* text : {"", "_x", "_x00_", "_x000G_", "_xD83D_", "_xDE00_", "_x0000_", "_x+00D_", "a_x000D"}) EXPECT_EQ(excel_decoded(text), text);
  std::string json;
  append_json_text(json, "a\"\\\n\x01");
  EXPECT_EQ(json, R"("a\"\\\u000a\u0001")");
}

}  // namespace
}  // namespace ingestr::files
