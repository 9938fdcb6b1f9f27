#include "base/quoted_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;

TEST(QuotedName, ASeparatorInQuotesIsNone) {
  EXPECT_THAT(split_names("a, b ,c", ','), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_names(R"( "a,b" ,"c ""d"", e",f)", ','), ElementsAre(R"("a,b")", R"("c ""d"", e")", "f"));
  EXPECT_THAT(split_names(R"("a:b":text:"c:d")", ':'), ElementsAre(R"("a:b")", "text", R"("c:d")"));
  EXPECT_THAT(split_names(R"(a"b,c")", ','), ElementsAre(R"(a"b)", R"(c")"));
  EXPECT_THAT(split_names("", ','), ElementsAre(""));
  EXPECT_THAT(split_names("a,, ", ','), ElementsAre("a", "", ""));
}

TEST(QuotedName, WhatIsWritten) {
  EXPECT_EQ(name_written(R"("a,b")"), "a,b");
  EXPECT_EQ(name_written(R"("a ""b""")"), R"(a "b")");
  EXPECT_EQ(name_written(R"("")"), "");
  for (const char* text : {"", "a b", R"(a"b")", R"("a"b)"}) EXPECT_EQ(name_written(text), text);
}

TEST(QuotedName, OneWithoutAnEnd) {
  for (const char* text : {R"("a,b)", R"("a"")", R"(")"}) EXPECT_THROW(split_names(text, ','), Error) << text;
  try {
    split_names(R"(x,"a,b)", ',');
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), R"(the name "a,b has no quote at its end; a quote in a name is written twice)");
  }
}

}  // namespace
}  // namespace ingestr
