#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/flags.h"
#include "base/error.h"
#include "base/time.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Variables = std::map<std::string, std::string>;

const GivenFlags kRequired = {{"source-uri", {"Attio://?api_key=k"}},
                              {"dest-uri", {"duckdb:///x.duckdb"}},
                              {"source-table", {"records:people"}}};

Settings settings(const GivenFlags& given, const Variables& variables = {}) {
  return Settings(given, MapEnvironment(variables));
}

Job job(GivenFlags more, const Variables& variables = {}) {
  more.insert(kRequired.begin(), kRequired.end());
  return make_job(settings(more, variables));
}

// "kind: text" of the Error that making a job of it throws; "" if none.
std::string fault(GivenFlags more, const Variables& variables = {}) {
  try {
    job(std::move(more), variables);
  } catch (const Error& error) {
    return std::string(to_string(error.kind())) + ": " + error.what();
  }
  return "";
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

TEST(Job, FromTheManualsCommand) {
  const Job made = make_job(settings({{"source-uri", {"Attio://?api_key=key_123"}},
                                      {"source-table", {"objects"}},
                                      {"dest-uri", {"duckdb:///attio.duckdb"}},
                                      {"dest-table", {"dest.objects"}}}));
  EXPECT_EQ(made.source.scheme, "attio");
  EXPECT_EQ(made.source_table, "objects");
  EXPECT_EQ(made.destination.rest, "/attio.duckdb");
  EXPECT_EQ(made.dest_table, (TableName{"dest", "objects"}));
  EXPECT_EQ(made.strategy, Strategy::replace);
  EXPECT_EQ(made.row_limit, std::nullopt);
  EXPECT_EQ(made.source_options.page_size, std::nullopt);
  EXPECT_EQ(made.source_options.parallelism, std::nullopt);
  EXPECT_THAT(made.exclude_columns, IsEmpty());
  EXPECT_TRUE(made.load_timestamp);
}

TEST(Job, TheTableIsNamedLikeItsSourceLiterally) {
  EXPECT_EQ(job({}).dest_table, (TableName{"", "records:people"}));
  EXPECT_EQ(job({{"source-table", {"a.b"}}}).dest_table, (TableName{"", "a.b"}));
  EXPECT_EQ(job({{"dest-table", {""}}}).dest_table, (TableName{"", "records:people"}));
}

TEST(Job, EverySettingArrives) {
  const Job made = job({{"page-size", {"100"}},
                        {"extract-parallelism", {"3"}},
                        {"sql-limit", {"7"}},
                        {"sql-exclude-columns", {"id"}},
                        {"no-load-timestamp", {"true"}},
                        {"yes", {"true"}},
                        {"full-refresh", {"true"}},
                        {"incremental-strategy", {"append"}}});
  EXPECT_EQ(made.source_options.page_size, 100U);
  EXPECT_EQ(made.source_options.parallelism, 3U);
  EXPECT_EQ(made.row_limit, 7U);
  EXPECT_THAT(made.exclude_columns, ElementsAre("id"));
  EXPECT_FALSE(made.load_timestamp);
  EXPECT_EQ(made.strategy, Strategy::replace);
  EXPECT_EQ(job({{"sql-limit", {"0"}}}).row_limit, std::nullopt);
  EXPECT_EQ(job({}, {{"SQL_LIMIT", "9"}}).row_limit, 9U);
}

TEST(Job, AllThatIsMissingIsNamedAtOnce) {
  try {
    make_job(settings({{"source-table", {"objects"}}}));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_STREQ(
        error.what(),
        "not given: --source-uri, --dest-uri; add what is missing, as a flag or in the environment "
        "(SOURCE_URI, DESTINATION_URI); see `ingestr ingest --help`");
  }
}

TEST(Job, WrongValuesAreNamedWithWhoSetThem) {
  EXPECT_EQ(fault({{"sql-limit", {"-5"}}}),
            "usage: --sql-limit must be a whole number such as 1000, not \"-5\"");
  EXPECT_EQ(fault({{"sql-limit", {"99999999999999999999"}}}),
            "usage: --sql-limit must be a whole number such as 1000, not \"99999999999999999999\"");
  EXPECT_EQ(
      fault({}, {{"PAGE_SIZE", "1k"}}),
      "usage: the environment variable PAGE_SIZE must be a whole number such as 1000, not \"1k\"");
  EXPECT_EQ(fault({{"page-size", {"0"}}}),
            "usage: --page-size must be at least 1; leave it out for the source's own choice");
  EXPECT_EQ(fault({}, {{"INGESTR_SKIP_CONFIRMATION", "maybe"}}),
            "usage: the environment variable INGESTR_SKIP_CONFIRMATION must be true or false, not "
            "\"maybe\"");
  EXPECT_THAT(fault({{"dest-table", {"a.b.c"}}}),
              HasSubstr("usage: --dest-table: table name \"a.b.c\""));
  EXPECT_THAT(fault({{"source-uri", {"objects"}}}),
              HasSubstr("usage: --source-uri: this is no URI"));
  EXPECT_THAT(fault({{"incremental-strategy", {"scd2"}}}),
              HasSubstr("unsupported: --incremental-strategy: "));
  EXPECT_THAT(fault({{"incremental-strategy", {"upsert"}}}),
              HasSubstr("usage: --incremental-strategy: "));
}

TEST(Job, KeysAndInterval) {
  const Job made = job({{"incremental-strategy", {"merge"}},
                        {"primary-key", {"a,b", "c"}},
                        {"incremental-key", {"created_at"}},
                        {"incremental-predicate", {"target.n > 1"}},
                        {"interval-start", {"2026-01-31"}},
                        {"interval-end", {"2026-02-01 09:00:00.5+01:00"}}});
  EXPECT_EQ(made.strategy, Strategy::merge);
  EXPECT_THAT(made.primary_key, ElementsAre("a", "b", "c"));
  EXPECT_EQ(made.incremental_key, "created_at");
  EXPECT_EQ(made.incremental_predicate, "target.n > 1");
  EXPECT_EQ(format_iso(*made.interval_start), "2026-01-31T00:00:00.000000Z");
  EXPECT_EQ(format_iso(*made.interval_end), "2026-02-01T08:00:00.500000Z");
}

TEST(Job, EveryWayToWriteATime) {
  for (const char* text :
       {"2026-01-31T07:00:00", "2026-01-31 07:00:00", "2026-01-31T07:00:00Z",
        "2026-01-31T08:00:00+01:00", "2026-01-31T06:00:00.000-0100", "2026-01-31 07:00:00.000000"}) {
    EXPECT_EQ(format_iso(*job({{"interval-start", {text}}}).interval_start),
              "2026-01-31T07:00:00.000000Z")
        << text;
  }
  EXPECT_EQ(job({{"interval-start", {""}}}).interval_start, std::nullopt);
}

TEST(Job, WhatAStrategyNeedsIsCheckedAtOnce) {
  EXPECT_THAT(fault({{"incremental-strategy", {"merge"}}}),
              HasSubstr("usage: merge needs --primary-key"));
  EXPECT_THAT(fault({{"incremental-strategy", {"delete+insert"}}}),
              HasSubstr("usage: delete+insert needs --incremental-key"));
  EXPECT_THAT(fault({{"incremental-predicate", {"1=1"}}}),
              HasSubstr("usage: --incremental-predicate is for the strategy merge"));
  EXPECT_EQ(fault({{"incremental-strategy", {"merge"}}, {"full-refresh", {"true"}}}), "");
  EXPECT_EQ(fault({{"incremental-predicate", {"1=1"}}, {"full-refresh", {"true"}}}), "");
  EXPECT_THAT(fault({{"interval-start", {"2024-13-01"}}}),
              HasSubstr("usage: --interval-start: \"2024-13-01\" is no date or time"));
  EXPECT_THAT(fault({}, {{"INTERVAL_END", "soon"}}),
              HasSubstr("usage: the environment variable INTERVAL_END: \"soon\""));
  EXPECT_EQ(fault({{"interval-start", {"2026-02-01"}}, {"interval-end", {"2026-02-01"}}}),
            "usage: --interval-start must be earlier than --interval-end, but "
            "2026-02-01T00:00:00.000000Z is not earlier than 2026-02-01T00:00:00.000000Z");
}

// A value that asks for more than what happens anyway.
std::string some_value(const Flag& flag) {
  return flag.kind == FlagKind::toggle ? "true" : flag.kind == FlagKind::count ? "7" : "email:hash";
}

TEST(RefusedFlags, EachIsRefusedByNameAsFlagAndAsVariable) {
  for (const Flag& flag : flags()) {
    if (!flag.refused()) continue;
    const std::string name(flag.name), help(flag.help);
    EXPECT_EQ(fault({{name, {some_value(flag)}}}),
              "unsupported: --" + name + " is not available in version 0.1.0: " + help);
    for (const std::string& variable : variables_of(flag)) {
      EXPECT_EQ(fault({}, {{variable, some_value(flag)}}),
                "unsupported: --" + name + ", set by the environment variable " + variable +
                    ", is not available in version 0.1.0: " + help);
    }
    if (flag.only_prefixed) {
      EXPECT_EQ(fault({}, {{std::string(flag.variable), some_value(flag)}}), "");
    }
  }
}

TEST(RefusedFlags, WhatHappensAnywayIsAccepted) {
  for (const Flag& flag : flags()) {
    if (!flag.refused()) continue;
    EXPECT_EQ(fault({{std::string(flag.name), {""}}}), "");
    if (flag.kind == FlagKind::toggle) {
      EXPECT_EQ(fault({{std::string(flag.name), {"false"}}}), "");
    }
  }
  for (const char* naming : {"auto", "default", "Direct"})
    EXPECT_EQ(fault({{"schema-naming", {naming}}}), "");
  for (const char* contract : {"evolve", "EVOLVE", "default"})
    EXPECT_EQ(fault({{"schema-contract", {contract}}}), "");
  EXPECT_NE(fault({{"schema-naming", {"snake_case"}}}), "");
  EXPECT_NE(fault({{"schema-contract", {"freeze"}}}), "");
  EXPECT_NE(fault({{"no-inference", {"perhaps"}}}), "");
}

TEST(RefusedFlags, ComeBeforeWhatIsMissing) {
  EXPECT_THROW(
      {
        try {
          make_job(settings({}, {{"MASK", "email:hash"}}));
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::unsupported);
          throw;
        }
      },
      Error);
}

TEST(RefusedFlags, AFlagCanTakeAVariableBack) {
  EXPECT_EQ(fault({{"mask", {""}}}, {{"MASK", "email:hash"}}), "");
}

}  // namespace
}  // namespace ingestr
