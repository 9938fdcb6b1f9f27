#include "options.h"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

TEST(Options, DefaultsAreThoseOfTheHelp) {
  const Options options = parse_options({});
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.access.rate_limit, 100u);
  EXPECT_EQ(options.data.record_bytes, 3000u);
  EXPECT_FALSE(options.gzip);
}

TEST(Options, TakesBothForms) {
  const Options options =
      parse_options({"--port", "80", "--seed=9", "--gzip", "--scopes", "a:read, b:read"});
  EXPECT_EQ(options.port, 80);
  EXPECT_EQ(options.data.seed, 9u);
  EXPECT_TRUE(options.gzip);
  EXPECT_EQ(options.access.scopes, (std::vector<std::string>{"a:read", "b:read"}));
}

TEST(Options, CountsHaveOddSlugs) {
  const Options options =
      parse_options({"--records", "companies=100000", "--records", "a=b/c d=3"});
  EXPECT_EQ(options.data.records.at("companies"), 100000u);
  EXPECT_EQ(options.data.records.at("a=b/c d"), 3u);
}

TEST(Options, ExtraKeys) {
  const Options options =
      parse_options({"--extra-key", "priority=7", "--extra-key", "later@500={\"a\":[1,\"=\"]}"});
  ASSERT_EQ(options.data.extra_keys.size(), 2u);
  EXPECT_EQ(options.data.extra_keys[0].json, "7");
  EXPECT_EQ(options.data.extra_keys[1].name, "later");
  EXPECT_EQ(options.data.extra_keys[1].from_row, 500u);
  EXPECT_EQ(options.data.extra_keys[1].json, R"({"a":[1,"="]})");
}

TEST(Options, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::vector<std::string>> wrong{{"port"},
                                                    {"--nope"},
                                                    {"--port"},
                                                    {"--port", "70000"},
                                                    {"--seed", "-1"},
                                                    {"--latency-ms", "1s"},
                                                    {"--gzip=1"},
                                                    {"--records", "x"},
                                                    {"--records", "=3"},
                                                    {"--extra-key", "a={"},
                                                    {"--extra-key", "=1"}};
  for (const auto& arguments : wrong)
    EXPECT_THROW(parse_options(arguments), UsageError) << arguments.front();
}

TEST(Options, HelpNamesEveryOption) {
  const std::string help = help_text();
  for (const char* name :
       {"--port-file", "--fault", "--mutate", "--extra-key", "--page-cap", "--retry-after-seconds"})
    EXPECT_NE(help.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace sandbox
