#include "app/orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/jobs.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Job, FromTheManualsCommand) {
  const Job made = make_job(settings({{"source-uri", {"Attio://?api_key=key_123"}},
                                      {"source-table", {"objects"}},
                                      {"dest-uri", {"duckdb:///attio.duckdb"}},
                                      {"dest-table", {"dest.objects"}}}),
                            all_connectors());
  EXPECT_EQ(made.source.scheme, "attio");
  EXPECT_EQ(made.source_table, "objects");
  EXPECT_EQ(made.destination.rest, "/attio.duckdb");
  EXPECT_EQ(made.dest_table, (TableName{"dest", "objects"}));
  EXPECT_EQ(made.strategy, Strategy::replace);
  EXPECT_EQ(made.row_limit, std::nullopt);
  EXPECT_EQ(made.source_options.page_size, std::nullopt);
  EXPECT_EQ(made.source_options.parallelism, std::nullopt);
  EXPECT_THAT(made.columns.excluded, IsEmpty());
  EXPECT_TRUE(made.load_timestamp);
}

TEST(Job, ADuckdbFilesNameMayStandBeforeTheSchema) {
  EXPECT_EQ(job({{"dest-table", {"x.dest.people"}}}).dest_table, (TableName{"dest", "people"}));
  EXPECT_THAT(fault({{"dest-table", {"y.dest.people"}}}), HasSubstr("is of the database y, but this one is called x"));
  EXPECT_THAT(fault({{"dest-uri", {"sqlite:///x.db"}}, {"dest-table", {"x.main.people"}}}), HasSubstr("has 3 parts"));
  EXPECT_THAT(fault({{"dest-uri", {"duckdb://"}}, {"dest-table", {"x.dest.people"}}}), HasSubstr("--dest-uri: the URI names no file"));
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
  EXPECT_THAT(made.columns.excluded, ElementsAre("id"));
  EXPECT_FALSE(made.load_timestamp);
  EXPECT_EQ(made.strategy, Strategy::replace);
  EXPECT_EQ(job({{"sql-limit", {"0"}}}).row_limit, std::nullopt);
  EXPECT_EQ(job({}, {{"SQL_LIMIT", "9"}}).row_limit, 9U);
}

TEST(Job, AllThatIsMissingIsNamedAtOnce) {
  try {
    make_job(settings({{"source-table", {"objects"}}}), all_connectors());
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
}

TEST(Job, ManyTables) {
  const Job all = job({{"source-table", {"*"}}});
  EXPECT_EQ(all.source_table, "*");
  EXPECT_EQ(all.dest_table, (TableName{"", "*"}));
  EXPECT_EQ(job({{"source-table", {"records:*"}}, {"dest-table", {"attio.*"}}}).dest_table,
            (TableName{"attio", "*"}));
  EXPECT_THAT(fault({{"source-table", {"*"}}, {"dest-table", {"attio.all"}}}),
              HasSubstr("usage: --dest-table: --source-table stands for many tables; "));
  EXPECT_THAT(fault({{"source-table", {"objects"}}}, {{"DESTINATION_TABLE", "attio.*"}}),
              HasSubstr("usage: the environment variable DESTINATION_TABLE: a * stands for "));
  EXPECT_EQ(fault({{"source-table", {"records:*,lists"}}}),
            "usage: --source-table must be one table or one pattern; run the command once for each");
}

// What preview and the like look at, of these flags.
Look wanted(Command command, const GivenFlags& given, const Variables& variables = {}) {
  return make_look(settings(given, variables), command);
}

std::string look_fault(Command command, const GivenFlags& given, const Variables& variables = {}) {
  try {
    wanted(command, given, variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(LookOrder, NeedsWhatItsCommandTakes) {
  const Variables variables = {{"SOURCE_URI", "attio://?api_key=k"}, {"MASK", "a:hash"}};
  EXPECT_EQ(wanted(Command::check, {}, variables).source.scheme, "attio");
  EXPECT_FALSE(wanted(Command::tables, {}, variables).json);
  EXPECT_EQ(look_fault(Command::check, {}),
            "not given: --source-uri; add what is missing, as a flag or in the environment "
            "(SOURCE_URI); see `ingestr check --help`");
  EXPECT_EQ(look_fault(Command::preview, {}, variables),
            "not given: --source-table; add what is missing, as a flag or in the environment "
            "(SOURCE_TABLE); see `ingestr preview --help`");
}

TEST(LookOrder, OfPreview) {
  const GivenFlags required = {{"source-uri", {"attio://?api_key=k"}},
                               {"source-table", {"objects"}}};
  EXPECT_EQ(wanted(Command::preview, required).limit, 20U);
  const Look look = wanted(Command::preview, required,
                           {{"INGESTR_LIMIT", "3"}, {"INGESTR_JSON", "1"}, {"PAGE_SIZE", "7"}});
  EXPECT_EQ(look.source_table, "objects");
  EXPECT_EQ(look.limit, 3U);
  EXPECT_TRUE(look.json);
  EXPECT_EQ(look.source_options.page_size, 7U);
  // Other programs may have these for something else.
  EXPECT_EQ(wanted(Command::preview, required, {{"LIMIT", "3"}, {"JSON", "x"}}).limit, 20U);
  EXPECT_EQ(look_fault(Command::preview, required, {{"INGESTR_LIMIT", "0"}}),
            "the environment variable INGESTR_LIMIT must be at least 1");
  EXPECT_EQ(look_fault(Command::preview,
                       {{"source-uri", {"attio://?api_key=k"}}, {"source-table", {"records:*"}}}),
            "--source-table is a pattern, and preview shows one table; `ingestr tables` lists what "
            "there is");
}

}  // namespace
}  // namespace ingestr
