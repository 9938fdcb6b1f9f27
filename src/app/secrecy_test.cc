#include "app/secrecy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// Arguments or variables in memory of their own, as a process has them.
class Block {
 public:
  explicit Block(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  char** data() { return pointers_.data(); }
  int size() const { return static_cast<int>(texts_.size()); }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

TEST(TakeArguments, HidesWhatFollowsTheScheme) {
  Block block({"ingestr", "ingest", "--source-uri", "Attio://?api_key=k1", "--dest-uri=duckdb:///x",
               "--yes", "-source-uri=attio://k2", "--source-table", "objects"});
  EXPECT_THAT(take_arguments(block.size(), block.data()),
              ElementsAre("ingest", "--source-uri", "Attio://?api_key=k1", "--dest-uri=duckdb:///x",
                          "--yes", "-source-uri=attio://k2", "--source-table", "objects"));
  EXPECT_THAT(block.texts(), ElementsAre("ingestr", "ingest", "--source-uri", "Attio://***********",
                                         "--dest-uri=duckdb://**", "--yes",
                                         "-source-uri=attio://**", "--source-table", "objects"));
}

TEST(TakeArguments, HidesAValueThatIsNoUri) {
  Block block({"ingestr", "ingest", "--source-uri", "attio:?api_key=k1", "--source-uri=k2",
               "--dest-uri", "--yes"});
  take_arguments(block.size(), block.data());
  EXPECT_THAT(block.texts(), ElementsAre("ingestr", "ingest", "--source-uri", "*****************",
                                         "--source-uri=**", "--dest-uri", "*****"));
}

TEST(TakeArguments, HidesAllInFrontOfAUriThatIsNoScheme) {
  Block block({"ingestr", "--mask", "email:hmac:KEY,site:fixed:https://x", "--mask=a:hmac:KEY,b:fixed:http://x", "--source-uri", "api_key=K&base_url=http://h",
               "note=http://u:p@h"});
  take_arguments(block.size(), block.data());
  EXPECT_THAT(block.texts(), ElementsAre("ingestr", "--mask", std::string(35, '*'), "--mask=" + std::string(27, '*'), "--source-uri",
                                         std::string(27, '*'), "note=http://*****"));
}

TEST(TakeArguments, OfNothing) {
  Block block({});
  EXPECT_TRUE(take_arguments(0, block.data()).empty());
}

TEST(TakeEnvironment, HidesTheVariablesNamed) {
  Block block(
      {"HOME=/root", "ATTIO_API_KEY=key_123", "EMPTY=", "SOURCE_URI=attio://?api_key=a=b", "odd"});
  EXPECT_THAT(take_environment(block.data(), {"ATTIO_API_KEY", "SOURCE_URI"}),
              UnorderedElementsAre(Pair("HOME", "/root"), Pair("ATTIO_API_KEY", "key_123"),
                                   Pair("EMPTY", ""), Pair("SOURCE_URI", "attio://?api_key=a=b")));
  EXPECT_THAT(block.texts(), ElementsAre("HOME=/root", "ATTIO_API_KEY=*******",
                                         "EMPTY=", "SOURCE_URI=********************", "odd"));
}

Catalog catalog() {
  Connector connector;
  connector.schemes = {"attio"};
  connector.parameters = {{.name = "api_key",
                           .description = "",
                           .default_text = "",
                           .secret = true,
                           .variable = "ATTIO_API_KEY"},
                          {.name = "base_url", .description = "", .default_text = ""}};
  return Catalog({connector});
}

TEST(SecretVariables, AreThoseOfUrisAndOfConnectors) {
  EXPECT_THAT(secret_variables(catalog()),
              UnorderedElementsAre("ATTIO_API_KEY", "INGESTR_SOURCE_URI", "SOURCE_URI",
                                   "INGESTR_DESTINATION_URI", "DESTINATION_URI",
                                   "INGESTR_MASK", "MASK"));
}

// `text` as it would be printed after a start with these arguments and variables.
std::string shown(const std::string& text, const std::vector<std::string>& arguments,
                  const std::map<std::string, std::string>& variables = {}) {
  Secrets secrets;
  remember_secrets(arguments, MapEnvironment(variables), catalog(), secrets);
  return secrets.redact(text);
}

TEST(RememberSecrets, InUris) {
  EXPECT_EQ(shown("<secret1>", {"--source-uri", "Attio://?base_url=http://h&API_KEY=secret1"}),
            "<***>");
  EXPECT_EQ(shown("<secret1>", {"--source-uri=attio://?api_key=secret1&page_size=5"}), "<***>");
  EXPECT_EQ(shown("<secret1>", {"attio://api_key=secret1"}), "<***>");
  EXPECT_EQ(shown("<secret1>", {"attio:?api_key=secret1"}), "<***>");
  EXPECT_EQ(shown("<secret1>", {"md://db?motherduck_token=secret1"}), "<***>");
  EXPECT_EQ(shown("<secret1>", {"pg://me:secret1@host/db"}), "<***>");
  EXPECT_EQ(shown("<secret1>", {"attio://?base_url=http://me:secret1@host:80/"}), "<***>");
  EXPECT_EQ(shown("<sec/ret+1>", {"s3://AKIA:sec/ret+1@bucket/x.csv"}), "<***>");
  EXPECT_EQ(shown("<sec%2Fret1> <sec/ret1>", {"s3://AKIA:sec%2fret1@bucket/x.csv"}), "<***> <***>");
}

TEST(RememberSecrets, AsWrittenAndDecoded) {
  const std::vector<std::string> arguments = {"attio://?api_key=a%2fb+c"};
  EXPECT_EQ(shown("<a%2fb+c> <a/b c> <a/b+c> <a%2Fb%20c>", arguments), "<***> <***> <***> <***>");
}

TEST(RememberSecrets, InTheEnvironment) {
  EXPECT_EQ(shown("<secret1>", {}, {{"ATTIO_API_KEY", "secret1"}}), "<***>");
  EXPECT_EQ(shown("<secret1>", {}, {{"INGESTR_SOURCE_URI", "attio://?api_key=secret1"}}), "<***>");
  EXPECT_EQ(shown("<secret1>", {}, {{"https_proxy", "http://me:secret1@proxy:3128"}}), "<***>");
}

TEST(RememberSecrets, InMasks) {
  EXPECT_EQ(shown("<secret1>", {"--mask", "a:hash,email:hmac:secret1,b:redact"}), "<***>");
  EXPECT_EQ(shown("<secret1> <secret2>", {"--mask=a:HMAC:secret1,b:hmac: secret2"}),
            "<***> <***>");
  EXPECT_EQ(shown("<se:cr?et>", {}, {{"INGESTR_MASK", "a:hmac:se:cr?et"}}), "<***>");
}

TEST(RememberSecrets, LeavesTheRestReadable) {
  EXPECT_EQ(shown("record_id host",
                  {"--primary-key=record_id", "http://host/?x=record_id", "pg://record_id@host"}),
            "record_id host");
  EXPECT_EQ(shown("9000/a@b b@c.csv", {"http://host:9000/a@b", "s3://bucket/a:b@c.csv"}), "9000/a@b b@c.csv");
}

}  // namespace
}  // namespace ingestr
