#include "app/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::string problem(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_arguments(arguments);
  if (!line.problem) return "";
  EXPECT_EQ(line.problem->kind(), ErrorKind::usage);
  return line.problem->what();
}

Command command(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_arguments(arguments);
  EXPECT_FALSE(line.problem) << line.problem->what();
  return line.command;
}

TEST(Arguments, EveryWayToWriteAFlag) {
  const CommandLine line = parse_arguments({"ingest", "--source-uri", "a://b", "--dest-uri=c://d=e",
                                            "-source-table", "t", "-dest-table=x", "--yes",
                                            "--debug=false", "-full-refresh", "--sql-limit=5"});
  EXPECT_FALSE(line.problem);
  EXPECT_EQ(line.command, Command::ingest);
  EXPECT_THAT(
      line.given,
      UnorderedElementsAre(
          Pair("source-uri", ElementsAre("a://b")), Pair("dest-uri", ElementsAre("c://d=e")),
          Pair("source-table", ElementsAre("t")), Pair("dest-table", ElementsAre("x")),
          Pair("yes", ElementsAre("true")), Pair("debug", ElementsAre("false")),
          Pair("full-refresh", ElementsAre("true")), Pair("sql-limit", ElementsAre("5"))));
}

TEST(Arguments, AnEmptyValueTakesNothingFromBehindIt) {
  const CommandLine line =
      parse_arguments({"ingest", "--primary-key=", "--yes", "--mask", "", "--debug"});
  EXPECT_FALSE(line.problem);
  EXPECT_THAT(
      line.given,
      UnorderedElementsAre(Pair("primary-key", ElementsAre("")), Pair("yes", ElementsAre("true")),
                           Pair("mask", ElementsAre("")), Pair("debug", ElementsAre("true"))));
}

TEST(Arguments, OrderIsFreeAndRepeatsAreKept) {
  const CommandLine line = parse_arguments(
      {"--sql-exclude-columns", "a", "--debug", "ingest", "--sql-exclude-columns", "b,c"});
  EXPECT_FALSE(line.problem);
  EXPECT_EQ(line.command, Command::ingest);
  EXPECT_THAT(line.given.at("sql-exclude-columns"), ElementsAre("a", "b,c"));
}

TEST(Arguments, ValuesMayBeginWithADash) {
  EXPECT_THAT(parse_arguments({"ingest", "--source-table", "-x"}).given.at("source-table"),
              ElementsAre("-x"));
  EXPECT_THAT(parse_arguments({"ingest", "--source-table=--yes"}).given.at("source-table"),
              ElementsAre("--yes"));
}

TEST(Arguments, Commands) {
  EXPECT_EQ(command({}), Command::help);
  EXPECT_EQ(command({"help"}), Command::help);
  EXPECT_EQ(command({"h"}), Command::help);
  EXPECT_EQ(command({"-h"}), Command::help);
  EXPECT_EQ(command({"--help"}), Command::help);
  EXPECT_EQ(command({"check", "--source-uri", "x"}), Command::check);
  EXPECT_EQ(command({"tables", "--json", "--debug"}), Command::tables);
  EXPECT_EQ(command({"--limit=3", "preview", "--source-table", "x"}), Command::preview);
  EXPECT_EQ(command({"example-uris"}), Command::example_uris);
  EXPECT_EQ(command({"example-uris", "--help"}), Command::help);
  EXPECT_EQ(command({"-v"}), Command::version);
  EXPECT_EQ(command({"--version"}), Command::version);
  EXPECT_EQ(command({"foo", "--version"}), Command::version);
}

TEST(Arguments, HelpOfACommand) {
  const auto asked = [](const std::vector<std::string>& arguments) {
    const CommandLine line = parse_arguments(arguments);
    EXPECT_FALSE(line.problem);
    return line.wants_help ? line.command : Command::help;
  };
  EXPECT_EQ(asked({"help", "ingest"}), Command::ingest);
  EXPECT_EQ(asked({"h", "tables"}), Command::tables);
  EXPECT_EQ(asked({"ingest", "-h"}), Command::ingest);
  EXPECT_EQ(asked({"preview", "--help"}), Command::preview);
  EXPECT_EQ(asked({"ingest", "--nope", "--help", "--dest-uri"}), Command::ingest);
  EXPECT_EQ(asked({"check", "--dest-uri", "x", "--help"}), Command::check);
  EXPECT_FALSE(parse_arguments({"help", "foo"}).wants_help);
  EXPECT_FALSE(parse_arguments({"ingest"}).wants_help);
}

TEST(Arguments, ACommandTakesItsOwnFlags) {
  EXPECT_EQ(problem({"check", "--dest-uri", "x"}),
            "check takes no --dest-uri, which is for ingest; see `ingestr check --help`");
  EXPECT_EQ(problem({"--json", "ingest"}),
            "ingest takes no --json, which is for check, tables, preview; see `ingestr ingest "
            "--help`");
  EXPECT_EQ(problem({"tables", "--source-tabel", "x"}),
            "unknown flag --source-tabel; see `ingestr tables --help`");
  EXPECT_EQ(problem({"preview", "--source-tabel", "x"}),
            "unknown flag --source-tabel; did you mean --source-table?");
  EXPECT_EQ(problem({"check", "--jsn"}), "unknown flag --jsn; did you mean --json?");
}

TEST(Arguments, WhatIsWrongIsSaidWithItsCure) {
  EXPECT_EQ(problem({"chek"}), "unknown command \"chek\"; did you mean check?");
  EXPECT_EQ(problem({"ingst"}), "unknown command \"ingst\"; did you mean ingest?");
  EXPECT_EQ(problem({"foo"}),
            "unknown command \"foo\"; commands are ingest, check, tables, preview, example-uris and "
            "help");
  EXPECT_EQ(problem({"server", "--port", "1"}),
            "the command server is not available in version 0.1.0; commands are ingest, "
            "check, tables, preview, example-uris and help");
  EXPECT_EQ(problem({"--yes"}),
            "no command is given; write `ingestr ingest` in front of the flags");
  EXPECT_EQ(problem({"example-uris", "--yes"}), "example-uris takes no flags; leave them out");
  EXPECT_EQ(problem({"ingest", "--source-url", "x"}),
            "unknown flag --source-url; did you mean --source-uri?");
  EXPECT_EQ(problem({"ingest", "--use-gong"}),
            "unknown flag --use-gong; see `ingestr ingest --help`");
  EXPECT_EQ(problem({"ingest", "--source-uri"}),
            "--source-uri needs a value; write --source-uri VALUE or --source-uri=VALUE");
  EXPECT_EQ(problem({"ingest", "--source-uri", "--yes"}),
            "--source-uri needs a value; write --source-uri VALUE or --source-uri=VALUE");
  EXPECT_EQ(problem({"ingest", "--yes", "companies"}),
            "argument \"companies\" belongs to no flag; put a value that holds spaces, ? or & in "
            "quotes; see "
            "`ingestr ingest --help`");
}

TEST(Arguments, WhatMayBeAKeyIsNotRepeated) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"attio://?api_key=key_123"},
                                             {"key_123"},
                                             {"ingest", "key_123"},
                                             {"ingest", "--key_123"},
                                             {"ingest", "-api=key_123"},
                                             {"ingest", "--attio://?api_key=key_123"},
                                             {"ingest", "--nope=key_123"},
                                             {"ingest", "attio://?api_key=key_123"}}) {
    const std::string text = problem(arguments);
    EXPECT_NE(text, "");
    EXPECT_EQ(text.find("key_123"), std::string::npos) << text;
  }
}

TEST(Arguments, ReadsOnBehindAMistake) {
  const CommandLine line =
      parse_arguments({"ingest", "--nope", "x", "--progress", "json", "--more"});
  EXPECT_STREQ(line.problem->what(), "unknown flag --nope; see `ingestr ingest --help`");
  EXPECT_THAT(line.given.at("progress"), ElementsAre("json"));
}

}  // namespace
}  // namespace ingestr
