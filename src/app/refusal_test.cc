#include "app/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/flags.h"
#include "support/jobs.h"

namespace ingestr {
namespace {

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
  EXPECT_NE(fault({{"stream", {"perhaps"}}}), "");
}

TEST(RefusedFlags, ComeBeforeWhatIsMissing) {
  EXPECT_THROW(
      {
        try {
          make_job(settings({}, {{"CLUSTER_BY", "day"}}), all_connectors());
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::unsupported);
          throw;
        }
      },
      Error);
}

TEST(RefusedFlags, AFlagCanTakeAVariableBack) {
  EXPECT_EQ(fault({{"cluster-by", {""}}}, {{"CLUSTER_BY", "day"}}), "");
}

}  // namespace
}  // namespace ingestr
