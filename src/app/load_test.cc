#include "app/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "support/box.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A Box whose source has three tables.
struct Many : Box {
  Many() { expansion = {"records:a", "records:b", "lists"}; }

  int load(const std::vector<std::string>& more = {}) {
    std::vector<std::string> flags = {"--source-table=*", "--dest-table=dest.*"};
    flags.insert(flags.end(), more.begin(), more.end());
    return ingest(flags);
  }

  void fail(const std::string& table) {
    read_of[table] = [](const Context&, BatchSink&) {
      throw Error(ErrorKind::unavailable, "gone with key_abcdef0123456789");
    };
  }

  size_t times(const std::string& entry) const {
    return static_cast<size_t>(std::count(journal.begin(), journal.end(), entry));
  }
};

TEST(LoadMany, LoadsAllWithOneSourceAndOneDestination) {
  Many box;
  EXPECT_EQ(box.load(), 0) << box.err();
  EXPECT_EQ(box.err(), "");
  EXPECT_EQ(box.journal[0], "open source");
  EXPECT_EQ(box.journal[1], "expand *");
  EXPECT_EQ(box.journal[2], "open destination");
  for (const char* once : {"open source", "open destination", "close"}) {
    EXPECT_EQ(box.times(once), 1U) << once;
  }
  EXPECT_EQ(box.journal.back(), "close");
  EXPECT_THAT(box.out(), HasSubstr("  Source: attio / *\n  Destination: duckdb / dest.*\n"));
  EXPECT_THAT(box.out(), HasSubstr("[TABLE] 07:00:00 | records:a -> dest.records_a | loaded | "
                                   "Rows: 2 | Seconds: 0.00\n"));
  EXPECT_THAT(box.out(), HasSubstr("Table      Destination     Rows  Seconds  Status\n"
                                   "---------  --------------  ----  -------  ----------\n"
                                   "records:a  dest.records_a     2     0.00  loaded\n"
                                   "records:b  dest.records_b     2     0.00  loaded\n"
                                   "lists      dest.lists         2     0.00  loaded\n"
                                   "Total      3 tables           6     0.00  all loaded\n"
                                   "\n"
                                   "Rows:         6\n"));
  EXPECT_THAT(box.out(), EndsWith("\nIngestion completed successfully!\n"));
}

TEST(LoadMany, TheDefaultNameIsTheSourceTables) {
  Many box;
  EXPECT_EQ(box.ingest({"--source-table=records:*", "--dest-table="}), 0) << box.err();
  EXPECT_THAT(box.out(), HasSubstr("Destination: duckdb / *\n"));
  EXPECT_THAT(box.out(), HasSubstr("| records:a -> records_a | loaded |"));
}

TEST(LoadMany, ATableThatFailsDoesNotStopTheOthers) {
  Many box;
  box.fail("records:b");
  EXPECT_EQ(box.load(), 1);
  EXPECT_EQ(box.err(), "Error: records:b: gone with ***\n");
  EXPECT_THAT(box.out(), HasSubstr("records:b  dest.records_b     0     0.00  failed\n"
                                   "lists      dest.lists         2     0.00  loaded\n"
                                   "Total      3 tables           4     0.00  2 loaded\n"));
  EXPECT_THAT(box.out(), Not(HasSubstr("successfully")));
  EXPECT_EQ(box.journal.back(), "close");
}

TEST(LoadMany, EvenWrongUsageOfOneTableIsAFailureOfTheRun) {
  Many box;
  box.read_of["lists"] = [](const Context&, BatchSink&) {
    throw Error(ErrorKind::unsupported, "not this one");
  };
  EXPECT_EQ(box.load(), 1);
}

TEST(LoadMany, ColumnsAreExcludedWhereATableHasThem) {
  Many box;
  box.schema_of["lists"] = Schema{{Column{"id", TypeId::varchar}, Column{"name", TypeId::varchar}}};
  EXPECT_EQ(box.load({"--sql-exclude-columns=NAME"}), 0) << box.err();
  EXPECT_EQ(box.times("create table dest._ingestr_landing_lists (id VARCHAR)"), 1U) << ::testing::PrintToString(box.journal);
}

TEST(LoadMany, AColumnToExcludeThatNoTableHasIsAnErrorAtTheEnd) {
  Many box;
  box.schema_of["lists"] = Schema{{Column{"id", TypeId::varchar}, Column{"name", TypeId::varchar}}};
  EXPECT_EQ(box.load({"--sql-exclude-columns=name,nmae"}), 2);
  EXPECT_EQ(box.err(),
            "Error: all tables are loaded, but --sql-exclude-columns names nmae, which is no column of any of them; correct "
            "the name and run again\n");
  EXPECT_EQ(box.journal.back(), "close");
}

TEST(LoadMany, ClosesNothingWhenNothingWasLoaded) {
  Many box;
  for (const std::string& table : box.expansion) box.fail(table);
  EXPECT_EQ(box.load(), 1);
  EXPECT_EQ(box.times("close"), 0U);
}

TEST(LoadMany, AStopEndsAllAndKeepsWhatIsLoaded) {
  Many box;
  box.read_of["records:b"] = [&](const Context&, BatchSink&) {
    box.stop.request_stop();
    throw interrupted();
  };
  EXPECT_EQ(box.load(), 130);
  EXPECT_EQ(box.err(),
            "Error: interrupted; tables that were loaded before are kept, the others are as they "
            "were, run the command again to load them\n");
  EXPECT_THAT(box.out(), HasSubstr("records:b  dest.records_b     0     0.00  interrupted\n"
                                   "Total      3 tables           2     0.00  1 loaded\n"));
  EXPECT_EQ(box.journal.back(), "close");
}

TEST(LoadMany, AStopBeforeTheFilesOfTheTablesAreThereKeepsNone) {
  Many box;
  box.close = [] { throw interrupted(); };
  EXPECT_EQ(box.load(), 130);
  EXPECT_EQ(box.err(),
            "Error: interrupted before the files of the loaded tables were written; all is as it was, run the command again\n");
}

TEST(LoadMany, WhatIsWrongIsFoundBeforeTheDestinationIsOpened) {
  Many none;
  none.expansion.clear();
  EXPECT_EQ(none.load(), 1);
  EXPECT_THAT(none.err(), StartsWith("Error: nothing to load: "));
  EXPECT_THAT(none.journal, ElementsAre("open source", "expand *"));
  Many clash;
  clash.expansion = {"records:a-b", "records:a_b"};
  EXPECT_EQ(clash.load(), 2);
  EXPECT_THAT(clash.err(), HasSubstr("records_a_b (records:a-b, records:a_b)"));
  EXPECT_THAT(clash.journal, ElementsAre("open source", "expand *"));
  Many single;
  EXPECT_EQ(single.ingest({"--dest-table=dest.*"}), 2);
  EXPECT_TRUE(single.journal.empty());
}

// The members of each `event` line of that name, as text.
std::vector<std::string> events(const std::string& text, std::string_view name) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  simdjson::dom::parser parser;
  for (std::string line; std::getline(lines, line);) {
    simdjson::dom::element event;
    EXPECT_EQ(parser.parse(line).get(event), simdjson::SUCCESS) << line;
    if (event["event"].get_string().value() == name) {
      found.push_back(line.substr(line.find("\"event\"")));
    }
  }
  return found;
}

TEST(LoadMany, TellsEachTableAsJson) {
  Many box;
  box.fail("records:b");
  EXPECT_EQ(box.load({"--progress", "json"}), 1);
  EXPECT_THAT(
      events(box.out(), "table"),
      ElementsAre(
          R"("event":"table","name":"records:a","dest":"dest.records_a","rows":2,"duration_sec":0.000,"status":"success","error":null})",
          R"("event":"table","name":"records:b","dest":"dest.records_b","rows":0,"duration_sec":0.000,"status":"error","error":"gone with ***","error_kind":"unavailable"})",
          R"("event":"table","name":"lists","dest":"dest.lists","rows":2,"duration_sec":0.000,"status":"success","error":null})"));
  EXPECT_EQ(box.err(), "Error: records:b: gone with ***\n");
  EXPECT_EQ(events(box.out(), "start").size(), 1U);
  const auto ends = events(box.out(), "end");
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_THAT(ends[0], HasSubstr(R"("status":"error","rows":4)"));
  EXPECT_THAT(ends[0], HasSubstr(R"("error":"1 of 3 tables failed: records:b","error_kind":)"
                                 R"("unavailable")"));
}

TEST(LoadOne, TellsNoTables) {
  Box box;
  EXPECT_EQ(box.ingest({"--progress", "json"}), 0);
  EXPECT_TRUE(events(box.out(), "table").empty());
  EXPECT_EQ(std::count(box.journal.begin(), box.journal.end(), "close"), 1);
}

}  // namespace
}  // namespace ingestr
