#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Variables = std::map<std::string, std::string>;

Settings settings(const GivenFlags& given, const Variables& variables = {}) {
  return Settings(given, MapEnvironment(variables));
}

TEST(Settings, FlagThenOwnVariableThenPlainOne) {
  const Variables both = {{"INGESTR_SOURCE_TABLE", "own"}, {"SOURCE_TABLE", "plain"}};
  EXPECT_EQ(settings({{"source-table", {"flag"}}}, both).text("source-table"), "flag");
  EXPECT_EQ(settings({}, both).text("source-table"), "own");
  EXPECT_EQ(settings({}, both).origin("source-table"),
            "the environment variable INGESTR_SOURCE_TABLE");
  EXPECT_EQ(settings({}, {{"SOURCE_TABLE", "plain"}}).text("source-table"), "plain");
  EXPECT_EQ(settings({}).origin("source-table"), std::nullopt);
}

TEST(Settings, AnEmptyValueIsTheDefaultAndStillWins) {
  const Settings some = settings({{"progress", {""}}}, {{"PROGRESS", "json"}});
  EXPECT_EQ(some.text("progress"), "interactive");
  EXPECT_EQ(settings({}, {{"INGESTR_PROGRESS", ""}, {"PROGRESS", "json"}}).text("progress"),
            "json");
}

TEST(Settings, TheLastTextCounts) {
  EXPECT_EQ(settings({{"progress", {"log", "json"}}}).text("progress"), "json");
}

TEST(Settings, ListsAreSplitAtCommasAndRepeated) {
  EXPECT_THAT(settings({{"sql-exclude-columns", {"a, b", "c,,"}}}).list("sql-exclude-columns"),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(settings({}, {{"SQL_EXCLUDE_COLUMNS", "x,y"}}).list("sql-exclude-columns"),
              ElementsAre("x", "y"));
  EXPECT_THAT(settings({}).list("sql-exclude-columns"), IsEmpty());
}

TEST(Settings, QuotedNamesHoldCommas) {
  const Settings some = settings({{"primary-key", {R"("a,b", c)", R"("d ""e""")"}}, {"partition-by", {R"(x,"y)"}}, {"mask", {R"("a,b":hash,c:md5)"}}});
  EXPECT_THAT(some.names("primary-key"), ElementsAre("a,b", "c", R"(d "e")"));
  EXPECT_THAT(some.list("mask"), ElementsAre(R"("a,b":hash)", "c:md5"));
  try {
    some.names("partition-by");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), R"(--partition-by: the name "y has no quote at its end; a quote in a name is written twice)");
  }
}

TEST(Settings, Toggles) {
  for (const char* yes : {"true", "1", "TRUE", "t", "yes", "on"}) {
    EXPECT_TRUE(settings({{"debug", {yes}}}).toggle("debug")) << yes;
  }
  for (const char* no : {"false", "0", "False", "no", "off", ""}) {
    EXPECT_FALSE(settings({{"debug", {no}}}).toggle("debug")) << no;
  }
  EXPECT_FALSE(settings({}).toggle("debug"));
  EXPECT_FALSE(settings({}, {{"DEBUG", "app:*"}, {"INGESTR_DEBUG", "false"}}).toggle("debug"));
}

}  // namespace
}  // namespace ingestr
