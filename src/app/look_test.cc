#include "app/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/box.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Looker : Box {
  int look(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = arguments;
    all.insert(all.begin() + 1, {"--source-uri", "attio://?api_key=" + key});
    return run(all);
  }
};

TEST(Check, TellsWhoseCredentialsTheseAre) {
  Looker box;
  box.account = [](const Context&) {
    return AccountInfo{"workspace North\nlight", {"a:read", "b:read-write"}};
  };
  EXPECT_EQ(box.look({"check"}), 0) << box.err();
  EXPECT_EQ(box.out(),
            "Source:       attio\n"
            "Credentials:  active\n"
            "Account:      workspace North light\n"
            "Permissions:  a:read\n"
            "              b:read-write\n");
  EXPECT_EQ(box.err(), "");
  EXPECT_THAT(box.journal, ElementsAre("open source"));
}

TEST(Check, AsJson) {
  Looker box;
  box.account = [](const Context&) { return AccountInfo{"workspace \"N\"", {"a:read"}}; };
  EXPECT_EQ(box.look({"check", "--json"}), 0);
  EXPECT_EQ(box.out(), R"({"source_type":"attio","active":true,"account":"workspace \"N\"",)"
                       "\"permissions\":[\"a:read\"]}\n");
}

TEST(Check, WithoutPermissions) {
  Looker box;
  EXPECT_EQ(box.look({"check"}), 0);
  EXPECT_THAT(box.out(), HasSubstr("Permissions:  none\n"));
}

TEST(Check, AFailureIsALineOnStderr) {
  Looker box;
  box.account = [](const Context&) -> AccountInfo {
    throw Error(ErrorKind::auth, "key_abcdef0123456789 is refused");
  };
  EXPECT_EQ(box.look({"check"}), 1);
  EXPECT_EQ(box.out(), "");
  EXPECT_EQ(box.err(), "Error: *** is refused\n");
  Looker json;
  json.account = box.account;
  EXPECT_EQ(json.look({"check", "--json"}), 1);
  EXPECT_EQ(json.out(), "{\"active\":false,\"error\":\"*** is refused\",\"error_kind\":\"auth\"}\n");
  EXPECT_EQ(json.err(), "Error: *** is refused\n");
}

TEST(Check, NobodyKnowsWhatDoesNotAnswer) {
  Looker box;
  box.account = [](const Context&) -> AccountInfo {
    throw Error(ErrorKind::unavailable, "no answer");
  };
  EXPECT_EQ(box.look({"check", "--json"}), 1);
  EXPECT_THAT(box.out(), HasSubstr("{\"active\":null,"));
}

TEST(Check, AStopIsAnInterruption) {
  Looker box;
  box.account = [&](const Context&) -> AccountInfo {
    box.stop.request_stop();
    throw interrupted();
  };
  EXPECT_EQ(box.look({"check"}), 130);
  EXPECT_EQ(box.err(), "Error: interrupted\n");
}

TEST(Look, MessagesGoToStderr) {
  Looker box;
  box.account = [](const Context& context) {
    context.log.warning("careful\nwith key_abcdef0123456789");
    context.log.info("i");
    context.log.debug("d");
    return AccountInfo{};
  };
  EXPECT_EQ(box.look({"check", "--json"}), 0);
  EXPECT_EQ(box.err(), "Warning: careful with ***\n");
  EXPECT_THAT(box.out(), Not(HasSubstr("careful")));
  Looker debug;
  debug.account = box.account;
  EXPECT_EQ(debug.look({"check", "--debug"}), 0);
  EXPECT_THAT(debug.err(), HasSubstr("[DEBUG] 2026-11-24T07:00:00.000000Z | d\n"));
}

TEST(Look, WrongUsageOpensNothing) {
  const auto refused = [](const std::vector<std::string>& arguments) {
    Box box;
    box.variables = {{"PROGRESS", "json"}};  // is for loads
    EXPECT_EQ(box.run(arguments), 2);
    EXPECT_TRUE(box.journal.empty());
    EXPECT_EQ(box.out(), "");
    return box.err();
  };
  EXPECT_EQ(refused({"check"}),
            "Error: not given: --source-uri; add what is missing, as a flag or in the environment "
            "(SOURCE_URI); see `ingestr check --help`\n");
  EXPECT_THAT(refused({"tables", "--source-uri", "attoi://x"}),
              HasSubstr("Error: --source-uri: unknown source scheme \"attoi\"; did you mean attio?"));
  EXPECT_THAT(refused({"tables", "--source-uri", "attio://?x=1"}),
              HasSubstr("has a parameter \"x\"; it takes api_key, base_url\n"));
  EXPECT_EQ(refused({"check", "--nope"}),
            "Error: unknown flag --nope; see `ingestr check --help`\n");
}

TEST(Tables, AreListed) {
  Looker box;
  box.table_infos = {{"records:{object}", "all records", {"id"}, {"r:read", "o:read"}, true},
                     {"notes", "all notes", {"a", "b"}, {"n:read"}, false},
                     {"x", "", {}, {}, std::nullopt}};
  EXPECT_EQ(box.look({"tables"}), 0) << box.err();
  EXPECT_EQ(box.out(),
            "Table             Readable  Key   Permissions\n"
            "----------------  --------  ----  --------------\n"
            "records:{object}  yes       id    r:read, o:read\n"
            "notes             no        a, b  n:read\n"
            "x                 unknown\n");
  Looker json;
  json.table_infos = box.table_infos;
  EXPECT_EQ(json.look({"tables", "--json"}), 0);
  EXPECT_EQ(
      json.out(),
      "[\n"
      R"({"name":"records:{object}","description":"all records","key":["id"],"permissions":["r:read","o:read"],"readable":true},)"
      "\n"
      R"({"name":"notes","description":"all notes","key":["a","b"],"permissions":["n:read"],"readable":false},)"
      "\n"
      R"({"name":"x","description":"","key":[],"permissions":[],"readable":null})"
      "\n]\n");
}

TEST(PreviewCommand, ShowsRowsAndOpensNoDestination) {
  Looker box;
  EXPECT_EQ(box.look({"preview", "--source-table", "objects", "--page-size", "9"}), 0) << box.err();
  EXPECT_EQ(box.out(), "id\n--\na\nb\n\n2 rows\n");
  EXPECT_THAT(box.journal, ElementsAre("open source"));
  EXPECT_EQ(box.options.page_size, 9U);
  Looker json;
  EXPECT_EQ(json.look({"preview", "--source-table", "objects", "--json"}), 0);
  EXPECT_EQ(json.out(), "[\n{\"id\":\"a\"},\n{\"id\":\"b\"}\n]\n");
}

TEST(PreviewCommand, AFailureLeavesStdoutEmpty) {
  Looker box;
  box.read = [](const Context&, BatchSink& rows) {
    rows.push(Box::two_rows());
    throw Error(ErrorKind::not_found, "no such object");
  };
  EXPECT_EQ(box.look({"preview", "--source-table", "records:x"}), 1);
  EXPECT_EQ(box.out(), "");
  EXPECT_EQ(box.err(), "Error: no such object\n");
}

}  // namespace
}  // namespace ingestr
