#include "app/flags.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command.h"
#include "base/text.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;

TEST(Flags, NamesAndVariablesAreThereOnce) {
  std::set<std::string> names;
  for (const Flag& flag : flags()) {
    EXPECT_TRUE(names.insert(std::string(flag.name)).second) << flag.name;
    EXPECT_EQ(find_flag(flag.name), &flag);
    for (const std::string& variable : variables_of(flag)) {
      EXPECT_TRUE(names.insert(variable).second) << variable;
      EXPECT_EQ(variable.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string::npos)
          << variable;
    }
    EXPECT_EQ(flag.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos)
        << flag.name;
  }
  EXPECT_EQ(find_flag("nope"), nullptr);
  EXPECT_EQ(find_flag(""), nullptr);
}

TEST(Flags, EachIsExplained) {
  for (const Flag& flag : flags()) {
    EXPECT_FALSE(flag.help.empty()) << flag.name;
    EXPECT_FALSE(flag.help.ends_with('.')) << flag.name;
    if (flag.refused()) {
      // It is printed as one sentence: why, and what to do instead.
      EXPECT_TRUE(flag.help.find("leave") != std::string_view::npos) << flag.name;
      EXPECT_FALSE(flag.secret) << flag.name;
    } else {
      EXPECT_EQ(flag.value_name.empty(), flag.kind == FlagKind::toggle) << flag.name;
      EXPECT_EQ(flag.default_text == "false", flag.kind == FlagKind::toggle) << flag.name;
    }
  }
}

TEST(Flags, TheTableIsWhatScriptsUse) {
  std::vector<std::string> working, refused, only_prefixed;
  for (const Flag& flag : flags()) {
    (flag.refused() ? refused : working).emplace_back(flag.name);
    if (flag.only_prefixed) only_prefixed.emplace_back(flag.name);
  }
  EXPECT_THAT(working, ElementsAre("source-uri", "source-table", "dest-uri", "dest-table",
                                   "incremental-strategy", "primary-key", "incremental-key",
                                   "interval-start", "interval-end", "incremental-predicate",
                                   "full-refresh", "schema-contract", "allow-empty", "sql-limit",
                                   "sql-exclude-columns", "columns", "no-inference",
                                   "schema-naming", "mask", "trim-whitespace", "partition-by",
                                   "no-load-timestamp", "page-size",
                                   "extract-parallelism", "extract-partition-by", "extract-partition-interval", "yes", "dry-run", "progress", "limit", "json",
                                   "debug"));
  EXPECT_EQ(refused.size(), 13U);
  EXPECT_THAT(only_prefixed,
              ElementsAre("allow-empty", "columns", "dry-run", "limit", "json", "disable-prestaging", "stream",
                          "flush-interval", "flush-records", "metrics-addr", "query-annotations"));
}

TEST(Flags, CommandsTakeTheirOwn) {
  const auto taken = [](std::string_view command) {
    std::vector<std::string> names;
    for (const Flag& flag : flags()) {
      if (takes(command, flag)) names.emplace_back(flag.name);
    }
    return names;
  };
  EXPECT_THAT(taken("check"), ElementsAre("source-uri", "json", "debug"));
  EXPECT_EQ(taken("tables"), taken("check"));
  EXPECT_THAT(taken("preview"), ElementsAre("source-uri", "source-table", "page-size",
                                            "extract-parallelism", "limit", "json", "debug"));
  EXPECT_EQ(taken("ingest").size(), flags().size() - 2);
  EXPECT_TRUE(taken("help").empty());
  for (const Flag& flag : flags()) {
    for (const std::string& word : split(flag.commands, ' ')) {
      EXPECT_TRUE(find_command(word)) << flag.name;
    }
  }
}

TEST(Flags, OurOwnVariableIsStronger) {
  EXPECT_THAT(variables_of(*find_flag("dest-uri")),
              ElementsAre("INGESTR_DESTINATION_URI", "DESTINATION_URI"));
  EXPECT_THAT(variables_of(*find_flag("yes")),
              ElementsAre("INGESTR_SKIP_CONFIRMATION", "SKIP_CONFIRMATION"));
  // COLUMNS is how wide a terminal is.
  EXPECT_THAT(variables_of(*find_flag("columns")), ElementsAre("INGESTR_COLUMNS"));
}

// A URI has passwords and keys in it, a mask the key of hmac.
TEST(Flags, OnlyUrisAndMasksAreSecret) {
  for (const Flag& flag : flags()) {
    EXPECT_EQ(flag.secret, flag.value_name == "URI" || flag.name == "mask") << flag.name;
  }
}

}  // namespace
}  // namespace ingestr
