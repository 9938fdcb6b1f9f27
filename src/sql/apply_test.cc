#include "sql/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "data/doubled_key.h"
#include "sql/made_schemas.h"
#include "support/fault.h"
#include "support/plain_dialect.h"

namespace ingestr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const PlainDialect kPlain;
const TableName kLanding{"dest", "_ingestr_landing_t"}, kTarget{"dest", "t"};

// A session that keeps in mind what it was asked to do.
struct Session {
  std::vector<std::string> calls;
  uint64_t found = 0;  // what count() says

  StepActions actions() {
    return {.count = [this](const std::string&) { calls.emplace_back("count"); return found; },
            .probe = [this](const std::string&) { calls.emplace_back("probe"); },
            .run = [this](const Step&) { calls.emplace_back("run"); }};
  }
};

TEST(ApplySteps, ChecksAndCountsBeforeItRuns) {
  Session session;
  apply_steps({RequirePredicate{"true", {}, {}}, RequireNoNulls{kLanding, {"id"}, "why"}, DropTable{kTarget}}, kPlain, session.actions(), {});
  EXPECT_THAT(session.calls, ElementsAre("probe", "run", "count", "run", "run"));
}

TEST(ApplySteps, ACheckThatFailsEndsIt) {
  Session session;
  session.found = 2;
  try {
    apply_steps({RequireNoNulls{kLanding, {"id"}, "why"}, DropTable{kTarget}}, kPlain, session.actions(), {});
    FAIL() << "applied";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(), "2 rows have NULL in the column id, which is a key; why");
  }
  EXPECT_THAT(session.calls, ElementsAre("count"));
}

// What cleans up after the stop is a step alone.
TEST(ApplySteps, StopsBetweenStepsButDoesOneAlone) {
  std::stop_source stop;
  Session session;
  StepActions actions = session.actions();
  actions.run = [&](const Step&) {
    session.calls.emplace_back("run");
    stop.request_stop();
  };
  try {
    apply_steps({DropTable{kLanding}, DropTable{kTarget}}, kPlain, actions, stop.get_token());
    FAIL() << "applied";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
  apply_steps({DropTable{kLanding}}, kPlain, actions, stop.get_token());
  EXPECT_THAT(session.calls, ElementsAre("run", "run"));
}

TEST(ApplySteps, WhatIsLeftOutCountsWhenTheCallerSaysSo) {
  Session session;
  session.found = 3;
  Counters counters;
  const Discarded discarded =
      apply_steps({DiscardRows{kLanding, {"a"}, {}}, DiscardColumn{kLanding, "b"}}, kPlain, session.actions(), {});
  EXPECT_EQ(counters.discarded_rows, 0U);
  discarded.count_in(counters);
  EXPECT_EQ(counters.discarded_rows, 3U);
  EXPECT_EQ(counters.discarded_values, 3U);
}

TEST(ApplySteps, AFailureSaysWhereAndWhatHelps) {
  const auto said_of = [](const Error& fault, const Step& step = InsertRows{kLanding, kTarget, {}}) -> std::string {
    Session session;
    StepActions actions = session.actions();
    actions.run = [&](const Step&) { throw fault; };
    try {
      apply_steps({step}, kPlain, actions, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), fault.kind());
      return error.what();
    }
    ADD_FAILURE() << "applied";
    return "";
  };
  EXPECT_EQ(said_of(key_is_there("id: 1")),
            "dest.t: a row with the key id: 1 is there already, and a PRIMARY KEY or UNIQUE constraint forbids a second; load with --incremental-strategy "
            "merge, or drop the constraint");
  EXPECT_EQ(said_of(Error(ErrorKind::constraint, "a row has no name")), "dest.t: a row has no name; mend the row, or drop the constraint");
  EXPECT_EQ(said_of(Error(ErrorKind::constraint, "a child is left alone"), DeleteInterval{kTarget, "day", TypeId::date, {}, {}}),
            "dest.t: a child is left alone; other tables refer to rows that are deleted, if only for a moment: load with --incremental-strategy merge, "
            "or drop the constraint");
  EXPECT_EQ(said_of(Error(ErrorKind::not_found, "no partition is for a row")), "dest.t: no partition is for a row");
}

TEST(CheckSteps, AreAllThatADestinationDoesThatOnlyLooks) {
  std::vector<std::string> probed;
  const auto probe = [&](const std::string& select) { probed.push_back(select); };
  check_steps({RequirePredicate{"true", {}, {}}}, kPlain, probe);
  EXPECT_THAT(probed, testing::SizeIs(1));
  EXPECT_EQ(fault_of([&] { check_steps({DropTable{kTarget}}, kPlain, probe); }), "internal: the destination was opened only to look at it");
}

TEST(MadeSchemas, GoAlsoWhenAStopCutsThatOff) {
  int times = 0;
  {
    MadeSchemas schemas([&](const std::string&) {
      if (++times == 1) throw interrupted();
    });
    schemas.add("empty");
  }
  EXPECT_EQ(times, 2);
}

TEST(MadeSchemas, GoUnlessTheyAreKept) {
  std::vector<std::string> dropped;
  const auto drop = [&](const std::string& schema) {
    dropped.push_back(schema);
    if (schema == "full") throw Error(ErrorKind::conflict, "something is in it");
  };
  {
    MadeSchemas schemas(drop);
    schemas.add("empty");
    schemas.add("full");
    schemas.add("other");
  }
  EXPECT_THAT(dropped, ElementsAre("empty", "full", "other"));
  {
    MadeSchemas schemas(drop);
    schemas.add("kept");
    schemas.keep();
  }
  EXPECT_THAT(dropped, testing::SizeIs(3));
}

}  // namespace
}  // namespace ingestr
