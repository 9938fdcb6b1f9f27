#include "base/text.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Text, ShortenCutsBetweenCharacters) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc…");
  EXPECT_EQ(shorten("aé", 2), "a…");  // é is two bytes
  EXPECT_EQ(shorten("a\nb\x1b", 9), "a b ");
}

TEST(Text, NumbersForPeople) {
  EXPECT_EQ(group_digits(0), "0");
  EXPECT_EQ(group_digits(999), "999");
  EXPECT_EQ(group_digits(1000), "1,000");
  EXPECT_EQ(group_digits(1234567), "1,234,567");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1536000), "1.5 MB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
}

TEST(Text, ANumberAtTheBeginning) {
  EXPECT_EQ(leading_number("12 rows"), 12);
  EXPECT_EQ(leading_number("18446744073709551615"), 18446744073709551615U);
  for (const char* text : {"", "rows 12", " 12", "-1", "18446744073709551616"}) EXPECT_EQ(leading_number(text), std::nullopt) << text;
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
}

TEST(Text, CaseAndTrim) {
  EXPECT_EQ(to_lower("AtTiO"), "attio");
  EXPECT_TRUE(equal_ignoring_case("Id", "iD"));
  EXPECT_FALSE(equal_ignoring_case("id", "idx"));
  EXPECT_EQ(trim(" \ta b\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

}  // namespace
}  // namespace ingestr
