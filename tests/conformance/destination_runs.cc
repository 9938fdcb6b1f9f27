// The part of the destination suite that is about runs: what becomes of the target, and what is
// left behind.
#include <gmock/gmock.h>
#include <signal.h>

#include "base/error.h"
#include "conformance/destination_suite.h"
#include "support/child_process.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::HasSubstr;

const Schema kNumbers{{{"n", TypeId::bigint, false}}};

TEST_P(DestinationSuite, ReplaceLeavesExactlyTheNewTable) {
  load_old();
  expect_old();
  load_timestamp_ = true;
  load({{{"id", TypeId::varchar, false}, {"old", TypeId::json, false}}}, {{"a", "{}"}});
  const bool old_first = harness_->quirks().replaces_in_place;
  EXPECT_EQ(read(), (Rows{{old_first ? "{}" : "a", old_first ? "a" : "{}", "2026-11-24T08:00:00Z"}}));
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
}

TEST_P(DestinationSuite, ReplaceIntoTheDefaultSchema) {
  {
    const auto destination = open();
    target_ = destination->resolve({"", "companies"});
  }
  EXPECT_FALSE(target_.schema.empty());
  load_old();
  load_old();
  expect_old();
}

TEST_P(DestinationSuite, ZeroRowsLeaveAnEmptyTableWithItsColumns) {
  load_old();
  load({{{"a", TypeId::varchar, false}, {"b", TypeId::json, false}}}, std::vector<Batch>{});
  EXPECT_EQ(read(), Rows{});
  EXPECT_EQ(harness_->schema(target_).columns.size(), 2U);
}

TEST_P(DestinationSuite, AViewIsReplacedToo) {
  if (!harness_->quirks().has_views) GTEST_SKIP();
  load_old();
  target_ = named("dest", "view");
  harness_->make_view(target_);
  load(kNumbers, {{"5"}});
  EXPECT_EQ(read(), Rows{{"5"}});
  load(kNumbers, {{"6"}});
  EXPECT_EQ(read(), Rows{{"6"}});
}

TEST_P(DestinationSuite, OddNames) {
  const size_t longest = harness_->quirks().longest_name;
  std::vector<std::string> names = {"select",     "table",
                                    "with space", "my.table",
                                    "q\"uote",    "q'uote",
                                    "back`tick",  "[b]",
                                    "Grüße 😀",   "UPPER",
                                    "1digit",     "%s;--",
                                    "{}",         std::string(longest, 'x')};
  std::erase_if(names, [&](const std::string& name) { return !has_name(name); });
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    target_ = named("s " + name.substr(0, 20), name);
    load({{{name, TypeId::varchar, false}, {name + "2", TypeId::bigint, true}}}, {{"text", "7"}});
    EXPECT_EQ(read(), (Rows{{"text", "7"}}));
    EXPECT_EQ(harness_->schema(target_).columns[0].name, name);
  }
  EXPECT_EQ(harness_->tables().size(), names.size());
}

TEST_P(DestinationSuite, Describe) {
  load_old();
  const auto destination = open();
  EXPECT_EQ(destination->describe(target_), (Schema{{{"old", TypeId::bigint, false}}}));
  EXPECT_EQ(destination->describe(named("dest", "nothing")), std::nullopt);
  EXPECT_EQ(destination->describe({"nowhere", "nothing"}), std::nullopt);
}

TEST_P(DestinationSuite, FailureBeforeTheFirstRow) {
  load_old();
  {
    const auto destination = open();
    const Plan plan = make_plan(facts(kNumbers));
    destination->apply(plan.before);
    destination->apply({DropTable{plan.landing}});
  }
  expect_old();
}

TEST_P(DestinationSuite, FailureWhileRowsLand) {
  load_old();
  {
    const auto destination = open();
    const Plan plan = make_plan(facts(kNumbers));
    destination->apply(plan.before);
    {
      const auto appender = destination->append(plan.landing, kNumbers);
      appender->append(batch_of(kNumbers, {{"5"}}));
      Schema grown = kNumbers;
      grown.columns.push_back({"m", TypeId::bigint, true});
      appender->append(batch_of(grown, {{"6", "6"}}));
    }
    EXPECT_EQ(destination->describe(plan.landing)->columns.size(), 2U);
    destination->apply({DropTable{plan.landing}});
  }
  expect_old();
}

TEST_P(DestinationSuite, FailureAfterManyWideRows) {
  load_old();
  const Schema schema{{{"text", TypeId::json, false}}};
  {
    const auto destination = open();
    const Plan plan = make_plan(facts(schema));
    destination->apply(plan.before);
    {
      const auto appender = destination->append(plan.landing, schema);
      for (int i = 0; i < 40; ++i) {
        appender->append(batch_of(schema, Rows(50, Cells{"\"" + std::string(20'000, 'x') + "\""})));
      }
    }
    destination->apply({DropTable{plan.landing}});
  }
  expect_old();
}

TEST_P(DestinationSuite, RowsOfAnUnfinishedAppenderAreGone) {
  const auto destination = open();
  const Plan plan = make_plan(facts(kNumbers));
  destination->apply(plan.before);
  {
    const auto appender = destination->append(plan.landing, kNumbers);
    appender->append(batch_of(kNumbers, {{"5"}}));
    Schema grown = kNumbers;
    grown.columns.push_back({"m", TypeId::bigint, false});
    appender->append(batch_of(grown, {{"6", "6"}}));
  }
  destination->apply({DropTable{target_}, RenameTable{plan.landing, target_.table}});
  destination->close();
  EXPECT_EQ(read(), Rows{});
}

TEST_P(DestinationSuite, FailureAfterAllRowsHaveLanded) {
  load_old();
  const Schema schema{{{"n", TypeId::bigint, true}}};
  {
    const auto destination = open();
    const Plan plan = make_plan(facts(schema));
    std::vector<Batch> batches;
    batches.push_back(batch_of(schema, {{"1"}, {"\"no number\""}}));
    land(*destination, plan, schema, std::move(batches));
    try {
      destination->apply(plan.after);
      ADD_FAILURE() << "applied";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_data);
      EXPECT_THAT(error.what(), HasSubstr("column n"));
    }
    destination->apply({DropTable{plan.landing}});
  }
  expect_old();
}

TEST_P(DestinationSuite, StepsAreAppliedAllOrNone) {
  load_old();
  {
    const auto destination = open();
    EXPECT_THROW(
        destination->apply({CreateSchema{"fresh"}, CreateTable{{"fresh", "t"}, kNumbers},
                            DropTable{target_}, RenameTable{named("dest", "nothing"), "companies"}}),
        Error);
    EXPECT_EQ(destination->describe({"fresh", "t"}), std::nullopt);
  }
  expect_old();
}

TEST_P(DestinationSuite, TablesWithoutColumnsAreRefused) {
  const auto destination = open();
  EXPECT_THROW(destination->apply(make_plan(facts({})).before), Error);
}

TEST_P(DestinationSuite, ReservedNamesAreRefused) {
  const auto destination = open();
  EXPECT_THROW(destination->resolve(named("dest", "_ingestr_landing_x")), Error);
}

TEST_P(DestinationSuite, AStopEndsAppendingAndStillLetsCleanUp) {
  load_old();
  {
    const auto destination = open();
    const Plan plan = make_plan(facts(kNumbers));
    destination->apply(plan.before);
    {
      const auto appender = destination->append(plan.landing, kNumbers);
      appender->append(batch_of(kNumbers, {{"5"}}));
      world_.stop.request_stop();
      for (const auto& work :
           {std::function<void()>([&] { appender->append(batch_of(kNumbers, {{"6"}})); }),
            std::function<void()>([&] { appender->finish(); })}) {
        try {
          work();
          ADD_FAILURE() << "went on";
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::cancelled);
        }
      }
    }
    destination->apply({DropTable{plan.landing}});
  }
  expect_old();
}

TEST_P(DestinationSuite, KilledWhileRowsLand) {
  load_old();
  ChildProcess child([&]() -> std::string {
    const auto destination = open();
    const Plan plan = make_plan(facts(kNumbers));
    destination->apply(plan.before);
    const auto appender = destination->append(plan.landing, kNumbers);
    for (int i = 0; i < 50; ++i) appender->append(batch_of(kNumbers, Rows(2000, Cells{"5"})));
    ::raise(SIGKILL);
    return "";
  });
  ASSERT_EQ(child.wait(), "killed");
  EXPECT_EQ(read(), (Rows{{"1"}, {"2"}}));
  load(kNumbers, {{"7"}});
  EXPECT_EQ(read(), Rows{{"7"}});
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
}

TEST_P(DestinationSuite, KilledBetweenApplyAndClose) {
  load_old();
  const Schema schema{{{"n", TypeId::bigint, true}}};
  ChildProcess child([&]() -> std::string {
    const auto destination = open();
    const Plan plan = make_plan(facts(schema));
    std::vector<Batch> batches;
    batches.push_back(batch_of(schema, {{"5"}}));
    land(*destination, plan, schema, std::move(batches));
    destination->apply(plan.after);
    ::raise(SIGKILL);
    return "";
  });
  ASSERT_EQ(child.wait(), "killed");
  EXPECT_THAT(read(), testing::AnyOf(Rows{{"1"}, {"2"}}, Rows{{"5"}}));  // but nothing in between
  load(kNumbers, {{"7"}});
  EXPECT_EQ(read(), Rows{{"7"}});
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
}

TEST_P(DestinationSuite, KilledBetweenLandingAndApply) {
  load_old();
  const TableName other = named("other", "table");
  ChildProcess child([&]() -> std::string {
    const auto destination = open();
    std::vector<Batch> batches;
    batches.push_back(batch_of(kNumbers, {{"5"}}));
    const TableName target = std::exchange(target_, other);
    land(*destination, make_plan(facts(kNumbers)), kNumbers, std::move(batches));
    ::raise(SIGKILL);
    return "";
  });
  ASSERT_EQ(child.wait(), "killed");
  EXPECT_EQ(read(), (Rows{{"1"}, {"2"}}));
  load(kNumbers, {{"7"}});  // of another schema than the dead run's
  EXPECT_EQ(read(), Rows{{"7"}});
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
}

}  // namespace
}  // namespace ingestr
