#include "app/json_line.h"

#include <limits>

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(JsonLine, WritesMembersInOrder) {
  JsonLine line;
  line.add("text", "x").add("count", uint64_t{18446744073709551615U}).add("number", 1.5);
  line.add("list", std::vector<std::string>{"a", "b\""}).add("none", std::vector<std::string>{});
  line.add_null("nothing").add("yes", true).add("no", false).add_json("raw", "[1, 2]");
  EXPECT_EQ(
      line.text(),
      R"({"text":"x","count":18446744073709551615,"number":1.500,"list":["a","b\""],"none":[],"nothing":null,"yes":true,"no":false,"raw":[1, 2]})");
  EXPECT_EQ(JsonLine().text(), "{}");
}

TEST(JsonLine, EscapesKeys) {
  JsonLine line;
  line.add("a\"b", "x");
  EXPECT_EQ(line.text(), R"({"a\"b":"x"})");
}

TEST(JsonLine, HasNoNumberThatJsonHasNot) {
  JsonLine line;
  line.add("a", std::numeric_limits<double>::infinity());
  line.add("b", std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(line.text(), R"({"a":null,"b":null})");
}

TEST(JsonString, Escapes) {
  EXPECT_EQ(json_string("a\"b\\c\nd\te\rf\x01g\x7Fh/"), R"("a\"b\\c\nd\te\rf\u0001g\u007fh/")");
  EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(json_string("é€😀"), "\"é€😀\"");
}

TEST(JsonString, ReplacesWhatIsNoUtf8) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(json_string("a\xFFz"), "\"a" + r + "z\"");
  EXPECT_EQ(json_string("\xC3"), "\"" + r + "\"");                          // cut short
  EXPECT_EQ(json_string("\xC0\xAF"), "\"" + r + r + "\"");                  // longer than needed
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"" + r + r + r + "\"");          // a surrogate
  EXPECT_EQ(json_string("\xF4\x90\x80\x80"), "\"" + r + r + r + r + "\"");  // beyond U+10FFFF
  EXPECT_EQ(json_string("\xE2\x82"), "\"" + r + r + "\"");
}

}  // namespace
}  // namespace ingestr
