#include "support/replay.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "support/temporary_directory.h"

namespace ingestr {
namespace {

class ReplayTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }

  TemporaryDirectory folder_;
};

TEST_F(ReplayTest, TellsExchangesInOrderAndTheLastOneAgain) {
  write("list", R"(
# a page, refused once
POST /v2/query {"limit":2,"text":"a\"b"} 429 - retry-after=1 Date=now
POST /v2/query {"limit":2,"text":"a\"b"} 200 page.json
GET  /v2/objects?x=1 * 200 objects.json
)");
  write("page.json", "[1]");
  write("objects.json", "[2]");
  const auto client = make_replay(folder_.path() / "list");
  const HttpRequest query{.method = "POST",
                          .url = "https://host:1/v2/query",
                          .body = "{ \"limit\": 2,\n \"text\" : \"a\\\"b\"}"};
  const HttpResponse refused = client->send(query);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.header("date"), "now");
  EXPECT_EQ(client->send(query).body, "[1]");
  EXPECT_EQ(client->send(query).body, "[1]");
  EXPECT_EQ(client->send({.url = "http://other/v2/objects?x=1"}).body, "[2]");
}

TEST_F(ReplayTest, WhatIsNotInTheListFailsTheTest) {
  const auto client =
      make_replay(std::vector<Exchange>{{"GET", "/a", "*", 200, {}, "-"}}, folder_.path());
  EXPECT_NONFATAL_FAILURE(EXPECT_THROW(client->send({.url = "http://host/b"}), Error),
                          "answers GET /b");
}

TEST_F(ReplayTest, RefusesHalfALine) {
  EXPECT_THROW(parse_exchanges("GET /a 200 file"), std::runtime_error);
  EXPECT_THROW(parse_exchanges("GET /a * 200 file header"), std::runtime_error);
}

}  // namespace
}  // namespace ingestr
