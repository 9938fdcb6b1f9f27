#include "sources/files/csv_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ingestr::files {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CsvHead, TheDelimiterIsTheOneThatPartsTheHeaderIntoMostFields) {
  EXPECT_EQ(read_csv_head({"a,b,c", "1,2,3"}, "").delimiter, ",");
  EXPECT_EQ(read_csv_head({"a;b;c", "1,5;2,5;3,5"}, "").delimiter, ";");
  EXPECT_EQ(read_csv_head({"a\tb, c\td", "1\t2\t3"}, "").delimiter, "\t");
  EXPECT_EQ(read_csv_head({"a|b", "1|2"}, "").delimiter, "|");
  EXPECT_EQ(read_csv_head({"\"a;b;c;d\",e", "\"x\",1"}, "").delimiter, ",");
  EXPECT_EQ(read_csv_head({"a"}, "").delimiter, ",");
}

TEST(CsvHead, TheNextRowHasTheLastWord) {
  EXPECT_EQ(read_csv_head({"price, net, gross;name", "1;x"}, "").delimiter, ";");
  EXPECT_EQ(read_csv_head({"a,b;c,d", "", "1;x"}, "").delimiter, ";");
}

TEST(CsvHead, ExcelMaySayTheDelimiter) {
  const CsvHead head = read_csv_head({"", "sep=;", "", "a,b,c;d", "1,2,3;4"}, "");
  EXPECT_EQ(head.delimiter, ";");
  EXPECT_EQ(head.skipped, 3U);
  EXPECT_THAT(head.columns, ElementsAre("a,b,c", "d"));
  EXPECT_EQ(read_csv_head({"sep=;", "a,b"}, ",").delimiter, ",");
  EXPECT_THAT(read_csv_head({"sep=;"}, "").columns, IsEmpty());
  EXPECT_THAT(read_csv_head({"sep=x;", "1;2"}, "").columns, ElementsAre("sep=x", "column_2"));
}

TEST(CsvHead, Names) {
  EXPECT_THAT(read_csv_head({"a,A, a ,,\"x, \"\"y\"\"\""}, "").columns, ElementsAre("a", "A_3", "a_2", "column_4", "x, \"y\""));
  EXPECT_THAT(read_csv_head({"a,A, a ,,b"}, "").written, ElementsAre("a", "A", "a", "column_4", "b"));
  EXPECT_THAT(read_csv_head({",column_1"}, "").columns, ElementsAre("column_1_2", "column_1"));
  EXPECT_THAT(read_csv_head({"a~~b", "x"}, "~~").columns, ElementsAre("a", "b"));
}

TEST(CsvHead, LinesBeforeAndInsideTheHeader) {
  const CsvHead head = read_csv_head({"", "", "\"a", "b\",c", "1,2"}, "");
  EXPECT_EQ(head.skipped, 2U);
  EXPECT_EQ(head.header_lines, 2U);
  EXPECT_THAT(head.columns, ElementsAre("a\nb", "c"));
}

TEST(CsvHead, NothingThere) {
  EXPECT_THAT(read_csv_head({}, "").columns, IsEmpty());
  EXPECT_THAT(read_csv_head({"", ""}, "").columns, IsEmpty());
}

}  // namespace
}  // namespace ingestr::files
