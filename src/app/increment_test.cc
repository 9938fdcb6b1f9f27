#include "app/increment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time.h"
#include "support/jobs.h"

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
  EXPECT_EQ(fault({{"incremental-strategy", {"merge"}}}), "");  // the table may declare one
  EXPECT_THAT(fault({{"incremental-strategy", {"delete+insert"}}}),
              HasSubstr("usage: delete+insert needs --incremental-key"));
  EXPECT_THAT(fault({{"incremental-predicate", {"1=1"}}}),
              HasSubstr("usage: --incremental-predicate is for the strategy merge"));
  EXPECT_EQ(fault({{"incremental-strategy", {"merge"}}, {"full-refresh", {"true"}}}), "");
  EXPECT_EQ(fault({{"incremental-strategy", {"upsert"}}, {"full-refresh", {"true"}}}),
            "usage: --incremental-strategy: there is no strategy \"upsert\"; use replace, append, "
            "merge, delete+insert or scd2");
  EXPECT_EQ(fault({{"incremental-predicate", {"1=1"}}, {"full-refresh", {"true"}}}), "");
  EXPECT_THAT(fault({{"interval-start", {"2024-13-01"}}}),
              HasSubstr("usage: --interval-start: \"2024-13-01\" is no date or time"));
  EXPECT_THAT(fault({}, {{"INTERVAL_END", "soon"}}),
              HasSubstr("usage: the environment variable INTERVAL_END: \"soon\""));
  EXPECT_EQ(fault({{"interval-start", {"2026-02-01"}}, {"interval-end", {"2026-02-01"}}}),
            "usage: --interval-start must be earlier than --interval-end, but "
            "2026-02-01T00:00:00.000000Z is not earlier than 2026-02-01T00:00:00.000000Z");
}

TEST(Increment, AFullRefreshReplacesAndBeginsAHistoryAnew) {
  for (const char* name : {"append", "merge", "delete+insert", "replace"}) {
    const Job made = job({{"incremental-strategy", {name}}, {"full-refresh", {"true"}}});
    EXPECT_EQ(made.strategy, Strategy::replace) << name;
  }
  const Job history = job({{"incremental-strategy", {"scd2"}}, {"full-refresh", {"true"}}});
  EXPECT_EQ(history.strategy, Strategy::scd2);
  EXPECT_TRUE(history.fresh);
  EXPECT_FALSE(job({{"incremental-strategy", {"scd2"}}}).fresh);
}

// A bad mode used to be accepted silently for replace and new tables.
TEST(Increment, ContractsAreCheckedAtOnce) {
  EXPECT_EQ(job({}).contract, Contract::evolve);
  for (const char* name : {"evolve", "EVOLVE", "default", ""})
    EXPECT_EQ(job({{"schema-contract", {name}}}).contract, Contract::evolve);
  EXPECT_EQ(job({{"schema-contract", {"freeze"}}}).contract, Contract::freeze);
  EXPECT_EQ(job({{"schema-contract", {"discard_row"}}}).contract, Contract::discard_row);
  EXPECT_EQ(job({}, {{"SCHEMA_CONTRACT", "discard_value"}}).contract, Contract::discard_value);
  EXPECT_EQ(fault({}, {{"SCHEMA_CONTRACT", "bogus"}}),
            "usage: the environment variable SCHEMA_CONTRACT: there is no schema contract \"bogus\"; "
            "use evolve, freeze, discard_row or discard_value");
}

}  // namespace
}  // namespace ingestr
