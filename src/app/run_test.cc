#include "app/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/interrupt.h"
#include "support/box.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Run, LoadsATable) {
  Box box;
  EXPECT_EQ(box.ingest(), 0);
  EXPECT_EQ(box.err(), "");
  EXPECT_THAT(box.out(),
              HasSubstr("  Source: attio / objects\n  Destination: duckdb / dest.objects\n"));
  EXPECT_THAT(box.out(), HasSubstr("Rows:         2\n"));
  EXPECT_THAT(box.out(), EndsWith("Peak memory:  60.0 MB\n\nIngestion completed successfully!\n"));
  EXPECT_EQ(box.journal.back(), "close");
}

TEST(Run, TakesEverythingFromTheEnvironment) {
  Box box;
  box.variables = {{"SOURCE_URI", "attio://?api_key=" + box.key},
                   {"INGESTR_SOURCE_TABLE", "objects"},
                   {"DESTINATION_URI", "duckdb:///x.duckdb"},
                   {"PAGE_SIZE", "7"}};
  EXPECT_EQ(box.run({"ingest"}), 0) << box.err();
  EXPECT_EQ(box.options.page_size, 7U);
  EXPECT_THAT(box.out(), HasSubstr("Destination: duckdb / objects\n"));
}

TEST(Run, HandsSettingsOn) {
  Box box;
  EXPECT_EQ(box.ingest({"--page-size=100", "--extract-parallelism", "2"}), 0);
  EXPECT_EQ(box.options.page_size, 100U);
  EXPECT_EQ(box.options.parallelism, 2U);
}

TEST(Run, ChecksEverythingBeforeAnythingIsOpened) {
  const auto refused = [](const std::vector<std::string>& more) {
    Box box;
    EXPECT_EQ(box.ingest(more), 2);
    EXPECT_THAT(box.journal, IsEmpty());
    EXPECT_EQ(box.out(), "");
    return box.err();
  };
  EXPECT_THAT(refused({"--cluster-by", "day"}),
              StartsWith("Error: --cluster-by is not available in version 0.1.0: "));
  EXPECT_THAT(refused({"--partition-by", "day"}), StartsWith("Error: --partition-by keeps files apart by the values of columns, and "));
  // Defect 11: nothing of these waits until the source was read.
  EXPECT_THAT(refused({"--mask", "id:hsh"}),
              StartsWith("Error: --mask: id: there is no mask \"hsh\"; there are hash, "));
  EXPECT_EQ(refused({"--mask", "id:hmac"}),
            "Error: --mask: id: the mask hmac needs a key, as in column:hmac:KEY\n");
  EXPECT_THAT(refused({"--columns", "id:bigit"}),
              StartsWith("Error: --columns: id: there is no type \"bigit\""));
  EXPECT_THAT(refused({"--schema-naming", "foo"}),
              StartsWith("Error: --schema-naming: there is no naming convention \"foo\""));
  EXPECT_THAT(refused({"--no-inference"}),
              StartsWith("Error: columns is required when no-inference is enabled"));
  EXPECT_THAT(refused({"--dest-table", "a.b.c"}), StartsWith("Error: --dest-table: "));
  EXPECT_EQ(refused({"--progress", "fancy"}),
            "Error: --progress has an unknown mode; say interactive, log or json\n");
  EXPECT_THAT(refused({"--dest-uri", "foo://x"}),
              StartsWith("Error: --dest-uri: unknown destination scheme \"foo\"; known "
                         "destinations: duckdb, duck; "));
  EXPECT_THAT(refused({"--source-uri", "foo://x"}),
              StartsWith("Error: --source-uri: unknown source scheme \"foo\"; "));
  EXPECT_EQ(refused({"--source-uri", "attio://?apikey=x"}),
            "Error: --source-uri: the attio:// URI has a parameter \"apikey\"; it takes api_key, "
            "base_url\n");
  EXPECT_EQ(refused({"--dest-uri", "duckdb:///x?threads=2"}),
            "Error: --dest-uri: the duckdb:// URI has a parameter \"threads\"; it takes none\n");
}

// Defect 11: when the source says what it has without being asked.
TEST(Run, ChecksColumnsBeforeTheDestinationIsOpened) {
  const auto refused = [](const std::vector<std::string>& more) {
    Box box;
    EXPECT_EQ(box.ingest(more), 2);
    EXPECT_THAT(box.journal, ElementsAre("open source"));
    return box.err();
  };
  EXPECT_EQ(refused({"--mask", "ids:hash"}),
            "Error: --mask names ids, which is no column of the table; its columns are id; did you mean "
            "id?\n");
  EXPECT_EQ(refused({"--sql-exclude-columns", "x"}),
            "Error: --sql-exclude-columns names x, which is no column of the table; its columns are "
            "id\n");
  EXPECT_EQ(refused({"--columns", "code::zip"}),
            "Error: --columns names zip, which is no column of the table; its columns are id\n");
  EXPECT_THAT(refused({"--primary-key", "id", "--mask", "id:stars"}),
              StartsWith("Error: id is a key, and the mask stars does not keep rows apart"));
}

TEST(Run, TellsTheNamingConvention) {
  Box box;
  EXPECT_EQ(box.ingest({"--schema-naming", "Direct"}), 0);
  EXPECT_THAT(box.out(), HasSubstr("  Primary Key: None\n  Schema naming: direct\n"));
  EXPECT_THAT(box.out(), Not(HasSubstr("will be renamed")));
  Box usual;
  EXPECT_EQ(usual.ingest(), 0);
  EXPECT_THAT(usual.out(), Not(HasSubstr("naming")));
}

TEST(Run, NeverShowsTheKeyOfAMask) {
  Box box;
  box.read = [](const Context&, BatchSink&) {
    throw Error(ErrorKind::unavailable, "echo of s3cret-key");
  };
  EXPECT_EQ(box.ingest({"--mask", "id:HMAC:s3cret-key"}), 1);
  EXPECT_EQ(box.err(), "Error: echo of ***\n");
}

TEST(Run, AWrongTableNameIsFoundBeforeTheDestinationIsOpened) {
  Box box;
  box.no_such_table = Error(ErrorKind::usage, "there is no table foo; say objects");
  EXPECT_EQ(box.ingest(), 2);
  EXPECT_THAT(box.journal, ElementsAre("open source"));
  EXPECT_EQ(box.err(), "Error: there is no table foo; say objects\n");
}

TEST(Run, ExitStatusTellsWhatHappened) {
  const std::map<ErrorKind, int> expected = {
      {ErrorKind::usage, 2},       {ErrorKind::unsupported, 2}, {ErrorKind::auth, 1},
      {ErrorKind::not_found, 1},   {ErrorKind::unavailable, 1}, {ErrorKind::rate_limited, 1},
      {ErrorKind::bad_data, 1},    {ErrorKind::conflict, 1},    {ErrorKind::constraint, 1}, {ErrorKind::used_up, 1},
      {ErrorKind::internal, 1},    {ErrorKind::cancelled, 130},
  };
  for (const auto& [kind, status] : expected) {
    Box box;
    box.read = [kind = kind](const Context&, BatchSink&) {
      throw Error(kind, "what, where, what next");
    };
    EXPECT_EQ(box.ingest(), status) << to_string(kind);
    if (kind != ErrorKind::cancelled) {
      EXPECT_EQ(box.err(), "Error: what, where, what next\n");
    }
    EXPECT_THAT(box.out(), Not(HasSubstr("successfully")));
    EXPECT_THAT(box.out(), HasSubstr("Peak memory:"));
    EXPECT_NE(box.journal.back(), "close");
  }
}

TEST(Run, AStopLeavesTheTargetAlone) {
  Box box;
  box.read = [&](const Context& context, BatchSink& rows) {
    rows.push(Box::two_rows());
    box.stop.request_stop();
    throw_if_stopped(context.stop);
  };
  EXPECT_EQ(box.ingest(), 130);
  EXPECT_EQ(
      box.err(),
      "Error: interrupted; the destination table is as it was, run the command again to load it\n");
  for (const std::string& step : box.journal)
    EXPECT_THAT(step, Not(HasSubstr("replace table dest.objects")));
}

TEST(Run, WhatBreaksWhileStoppingCountsAsInterrupted) {
  Box box;
  box.read = [&](const Context&, BatchSink&) {
    box.stop.request_stop();
    throw Error(ErrorKind::unavailable, "connection lost");
  };
  EXPECT_EQ(box.ingest(), 130);
  EXPECT_EQ(box.err(), "Error: connection lost\n");
}

TEST(Run, AForeignExceptionIsAFaultOfOurs) {
  Box box;
  box.read = [](const Context&, BatchSink&) { throw std::logic_error("oops"); };
  EXPECT_EQ(box.ingest(), 1);
  EXPECT_EQ(box.err(), "Error: oops; this is a fault of ingestr 0.1.0, please report it\n");
}

TEST(Run, OtherCommands) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{}, {"help"}, {"h"}, {"-h"}, {"--help"}}) {
    Box box;
    EXPECT_EQ(box.run(arguments), 0);
    EXPECT_THAT(box.out(),
                StartsWith("ingestr 0.1.0 copies tables from a source to a destination.\n"));
    EXPECT_EQ(box.err(), "");
  }
  Box version, ingest_help, uris;
  EXPECT_EQ(version.run({"-v"}), 0);
  EXPECT_EQ(version.out(), "ingestr version 0.1.0\n");
  EXPECT_EQ(ingest_help.run({"ingest", "--help"}), 0);
  EXPECT_THAT(ingest_help.out(), StartsWith("Load a table, or many by a pattern.\n"));
  EXPECT_EQ(uris.run({"example-uris"}), 0);
  EXPECT_THAT(uris.out(), HasSubstr("  attio       attio://?api_key=key_123\n"));
}

TEST(Run, AWrongCommandLineIsOneLineOnStderr) {
  const auto refused = [](const std::vector<std::string>& arguments) {
    Box box;
    EXPECT_EQ(box.run(arguments), 2);
    EXPECT_EQ(box.out(), "");
    return box.err();
  };
  EXPECT_EQ(refused({"ingst"}), "Error: unknown command \"ingst\"; did you mean ingest?\n");
  EXPECT_EQ(refused({"ingest", "--nope"}),
            "Error: unknown flag --nope; see `ingestr ingest --help`\n");
  EXPECT_EQ(
      refused({"ingest"}),
      "Error: not given: --source-uri, --dest-uri, --source-table; add what is missing, as a flag "
      "or in the "
      "environment (SOURCE_URI, DESTINATION_URI, SOURCE_TABLE); see `ingestr ingest --help`\n");
}

// The key must be nowhere, whatever goes wrong and however much is printed.
class Redaction : public ::testing::TestWithParam<std::tuple<const char*, bool, bool>> {};

TEST_P(Redaction, TheKeyIsInNoStream) {
  const auto [mode, debug, terminal] = GetParam();
  const auto check = [&](Box& box, const std::vector<std::string>& more) {
    box.terminal = terminal;
    std::vector<std::string> flags = {"--progress", mode, debug ? "--debug" : "--debug=false"};
    flags.insert(flags.end(), more.begin(), more.end());
    box.ingest(flags);
    EXPECT_NE(box.out() + box.err(), "");
    EXPECT_THAT(box.out(), Not(HasSubstr(box.key)));
    EXPECT_THAT(box.err(), Not(HasSubstr(box.key)));
  };
  Box echoed;  // by the server, in its answer
  echoed.clock.ticks = 1;
  echoed.read = [&](const Context& context, BatchSink&) {
    echoed.clock.wait_for_ticks();
    for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning}) {
      context.log.log(level, "Authorization: Bearer " + echoed.key);
    }
    throw Error(ErrorKind::auth, "status 401: {\"message\":\"bad key '" + echoed.key + "'\"}");
  };
  check(echoed, {});
  Box as_table, as_flag, unknown, twice, decoded;
  check(as_table, {"--source-table", as_table.key, "--dest-table", as_table.key});
  check(as_flag, {"--sql-limit", as_flag.key});
  check(unknown, {"--nope=" + unknown.key});
  check(twice, {"attio://?api_key=" + twice.key});
  decoded.key = "key with space";
  check(decoded,
        {"--source-uri", "attio://?api_key=key+with%20space", "--sql-limit", "key with space"});
  Box from_environment;
  from_environment.variables = {{"ATTIO_API_KEY", "env_key_12345"}};
  from_environment.read = [](const Context&, BatchSink&) {
    throw Error(ErrorKind::auth, "env_key_12345");
  };
  check(from_environment, {});
  EXPECT_THAT(from_environment.out() + from_environment.err(), Not(HasSubstr("env_key_12345")));
}

INSTANTIATE_TEST_SUITE_P(AllModes, Redaction,
                         ::testing::Combine(::testing::Values("interactive", "log", "json"),
                                            ::testing::Bool(), ::testing::Bool()));

}  // namespace
}  // namespace ingestr
