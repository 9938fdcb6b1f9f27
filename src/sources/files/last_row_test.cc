#include "sources/files/last_row.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "duck/database.h"
#include "support/temporary_directory.h"

namespace ingestr::files {
namespace {

TEST(LastRow, BeginsBehindALineEnd) {
  EXPECT_TRUE(last_row_begins_in("1,\"x\"\n2,y\n3,z\n", ","));
  EXPECT_TRUE(last_row_begins_in("1,\"x\"\r\n2,y\r\n3,z", ","));
  EXPECT_TRUE(last_row_begins_in("1,\"x\"\r3,z\n\n", ","));
  EXPECT_FALSE(last_row_begins_in("2,y\n3,z\n", ",")) << "all of it may stand in quotes";
  EXPECT_FALSE(last_row_begins_in("2,y", ","));
  EXPECT_FALSE(last_row_begins_in("2,y\n\n", ","));  // of the row that ends here
  EXPECT_FALSE(last_row_begins_in("", ","));
}

TEST(LastRow, ALineEndInQuotesEndsNoRow) {
  EXPECT_FALSE(last_row_begins_in("1,x\n2,\"y\n3,z\n", ",")) << "a quote that nothing ends";
  EXPECT_FALSE(last_row_begins_in("a\nb\nc\"\n", ",")) << "a field of several lines that ends here";
  EXPECT_FALSE(last_row_begins_in("a\n\"\"b\"\" c\nd\",1\n", ","));
  EXPECT_FALSE(last_row_begins_in("a\nb, \"\", c\nd\",1\n", ","));
}

TEST(LastRow, AQuoteShowsWhereItStands) {
  EXPECT_TRUE(last_row_begins_in("1,\"a, b\",x\n2,\"c, d\",y\n", ","));
  EXPECT_TRUE(last_row_begins_in("1;\"a\n b\";x\n2;\"c\";y\n", ";"));
  EXPECT_TRUE(last_row_begins_in("text\",5\n6,\"text\"\n", ","));
  EXPECT_TRUE(last_row_begins_in("1, \"a\" ,x\n2, \"b\" ,y\n", ",")) << "blanks around quotes are DuckDB's to skip";
  EXPECT_TRUE(last_row_begins_in("1,5\" of rain,x\n2,\"b\",y\n", ",")) << "a quote within a field without quotes";
}

uint64_t last_line_of(const std::vector<std::string>& pieces) {
  LastLine last;
  for (const std::string& piece : pieces) last.add(piece);
  return last.bytes();
}

TEST(LastLine, IsMeasuredAcrossPieces) {
  EXPECT_EQ(last_line_of({}), 0U);
  EXPECT_EQ(last_line_of({"\n\r\n"}), 0U);
  EXPECT_EQ(last_line_of({"a,b\n1,23456\n"}), 7U);
  EXPECT_EQ(last_line_of({"a,b\n1,2", "34", "56"}), 7U);
  EXPECT_EQ(last_line_of({"a,b\n1,2", "3456\r\n", "\n", "\r\n"}), 7U);
  EXPECT_EQ(last_line_of({"a,b\n1,2", "\n3456", "\n"}), 4U);
  EXPECT_EQ(last_line_of({"abc", "\n", "d"}), 1U);
  EXPECT_EQ(last_line_of({"abc", "", "\ndefg\n"}), 4U);
}

// What a file of some megabytes ends with.
class LastRowOfFile : public ::testing::Test {
 protected:
  bool is_short(const std::string& begin, const std::string& end) {
    const TemporaryDirectory directory;
    const std::string path = directory.path() / "x.csv";
    std::ofstream file(path, std::ios::binary);
    file << begin;
    for (int i = 0; i < 300'000; ++i) file << i << ",words\n";
    file << end;
    file.close();
    duck::Connection connection = duck::Database().connect();
    return has_short_last_row(connection, {.name = "x.csv", .paths = {path}}, ",");
  }
};

TEST_F(LastRowOfFile, IsKnownByTheLastQuoteHoweverFarItIs) {
  EXPECT_TRUE(is_short("id,word\n", ""));
  EXPECT_TRUE(is_short("id,word\n1,\"x\"\n", ""));
  EXPECT_TRUE(is_short("id,word\n1,5\" of rain\n", ""));
  EXPECT_FALSE(is_short("id,word\n1,\"x\n", "\"\n")) << "all rows are in quotes";
  EXPECT_FALSE(is_short("id,word\n1,\"x\n", "")) << "and nothing ends them";
  EXPECT_FALSE(is_short("id,word\n", "1," + std::string(1'000'000, 'x')));
}

TEST(LastRow, OfLinesIsTheLastLine) {
  EXPECT_TRUE(last_row_begins_in("{\"a\":1}\n{\"a\":2}\n", ""));
  EXPECT_TRUE(last_row_begins_in("\"\n\"", ""));
  EXPECT_FALSE(last_row_begins_in("{\"a\":1}\n", ""));
  EXPECT_FALSE(last_row_begins_in("\n\n", ""));
  EXPECT_FALSE(last_row_begins_in("", ""));
}

}  // namespace
}  // namespace ingestr::files
