#include "files/number_format.h"

#include <gtest/gtest.h>

namespace ingestr::files {
namespace {

TEST(NumberFormat, LettersOutsideQuotesBracketsAndEscapesDecide) {
  for (const char* code : {"General", "0.00", "0.0 \"h\"", "0\\d", "#,##0_d", "*y0", "[Red]0.00", "[$-409]0", "0.00E+00", "@", "", "\"open", "[open", "0\\"}) {
    EXPECT_EQ(cell_form(code), CellForm::number) << code;
  }
  for (const char* code : {"yyyy\\-mm\\-dd", "m/d/yy", "mmm", "mm", "[$-409]d\\-mmm\\-yy;@", "YYYY", "[$-F800]dddd\\,\\ mmmm"}) EXPECT_EQ(cell_form(code), CellForm::date) << code;
  for (const char* code : {"h:mm", "h:mm AM/PM", "mm:ss", "mm:ss.0", "hh\"h\"mm", "h A/P", "ss", "[$-409]h:mm:ss\\ AM/PM;@"}) EXPECT_EQ(cell_form(code), CellForm::time) << code;
  for (const char* code : {"yyyy-mm-dd h:mm", "m/d/yy h:mm", "mmm h", "d h:mm:ss"}) EXPECT_EQ(cell_form(code), CellForm::timestamp) << code;
  for (const char* code : {"[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[ss].00", "[H]"}) EXPECT_EQ(cell_form(code), CellForm::elapsed) << code;
}

TEST(NumberFormat, BuiltInOnes) {
  for (const unsigned number : {0U, 1U, 4U, 13U, 23U, 37U, 44U, 48U, 49U, 59U, 164U}) EXPECT_EQ(built_in_form(number), CellForm::number) << number;
  for (const unsigned number : {14U, 17U, 27U, 36U, 50U, 58U}) EXPECT_EQ(built_in_form(number), CellForm::date) << number;
  for (const unsigned number : {18U, 21U, 32U, 33U, 45U, 47U}) EXPECT_EQ(built_in_form(number), CellForm::time) << number;
  EXPECT_EQ(built_in_form(22), CellForm::timestamp);
  EXPECT_EQ(built_in_form(46), CellForm::elapsed);
}

}  // namespace
}  // namespace ingestr::files
