#include "app/increment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/order_fixture.h"
#include "base/time.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Increment, KeysAndInterval) {
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

TEST(Increment, EveryWayToWriteATime) {
  for (const char* text :
       {"2026-01-31T07:00:00", "2026-01-31 07:00:00", "2026-01-31T07:00:00Z",
        "2026-01-31T08:00:00+01:00", "2026-01-31T06:00:00.000-0100", "2026-01-31 07:00:00.000000"}) {
    EXPECT_EQ(format_iso(*job({{"interval-start", {text}}}).interval_start),
              "2026-01-31T07:00:00.000000Z")
        << text;
  }
  EXPECT_EQ(job({{"interval-start", {""}}}).interval_start, std::nullopt);
}

TEST(Increment, WhatAStrategyNeedsIsCheckedAtOnce) {
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

}  // namespace
}  // namespace ingestr
