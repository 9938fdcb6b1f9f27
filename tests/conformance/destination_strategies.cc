// What append, merge, delete+insert, and replace by key make of a target.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "base/time.h"
#include "conformance/strategy_suite.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::HasSubstr;

const auto kNull = std::nullopt;
const Schema kDays{{{"day", TypeId::date, false}, {"n", TypeId::bigint, false}}};

SystemTime time_of(std::string_view text) {
  return SystemTime(std::chrono::microseconds(parse_iso_timestamp(text)->micros));
}

TEST_P(StrategySuite, AppendTwiceDoubles) {
  use(Strategy::append);
  load(kPeople, {{"1", "a"}, {"2", kNull}});
  load(kPeople, {{"1", "a"}, {"2", kNull}});
  EXPECT_EQ(read(), (Rows{{"1", "a"}, {"2", kNull}, {"1", "a"}, {"2", kNull}}));
  expect_only_target();
}

TEST_P(StrategySuite, EveryStrategyMakesAMissingTable) {
  for (const Strategy strategy :
       {Strategy::append, Strategy::merge, Strategy::delete_insert, Strategy::replace}) {
    SCOPED_TRACE(to_string(strategy));
    use(strategy, {"id"}, "id");
    target_ = named("new", std::string(to_string(strategy)));
    load(kPeople, {{"2", "b"}, {"1", "a"}});
    EXPECT_EQ(read(), (Rows{{"2", "b"}, {"1", "a"}}));
  }
  EXPECT_EQ(harness_->tables().size(), 4U);
}

TEST_P(StrategySuite, NoRowsChangeNothing) {
  for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    load(kPeople, {{"1", "a"}});
    use(strategy, {"id"}, "id");
    load(kPeople, std::vector<Batch>{});
    EXPECT_EQ(read(), (Rows{{"1", "a"}}));
    wanted_ = {};
  }
}

TEST_P(StrategySuite, MergeUpdatesInsertsAndLeavesTheRest) {
  load_timestamp_ = true;
  load(kPeople, {{"1", "old"}, {"2", "old"}, {"3", "old"}});
  world_.clock.advance(std::chrono::hours(1));
  use(Strategy::merge, {"ID"});
  load(kPeople, {{"2", "new"}, {"4", "new"}, {"3", kNull}});
  const std::string first = "2026-11-24T08:00:00Z", second = "2026-11-24T09:00:00Z";
  const Rows merged = {
      {"1", "old", first}, {"2", "new", second}, {"3", kNull, second}, {"4", "new", second}};
  EXPECT_EQ(sorted(), merged);
  load(kPeople, {{"2", "new"}, {"4", "new"}, {"3", kNull}});
  EXPECT_EQ(sorted(), merged);
  expect_only_target();
}

TEST_P(StrategySuite, MergeByKeysOfSeveralColumns) {
  const Schema schema{{{"a", TypeId::varchar, false},
                       {"b", TypeId::date, false},
                       {"n", TypeId::bigint, false}}};
  use(Strategy::merge, {"a", "b"});
  load(schema, {{"x", "2026-01-01", "1"}, {"x", "2026-01-02", "2"}, {"y", "2026-01-01", "3"}});
  load(schema, {{"x", "2026-01-02", "20"}, {"y", "2026-01-02", "4"}});
  EXPECT_EQ(sorted(), (Rows{{"x", "2026-01-01", "1"},
                            {"x", "2026-01-02", "20"},
                            {"y", "2026-01-01", "3"},
                            {"y", "2026-01-02", "4"}}));
}

TEST_P(StrategySuite, MergeOfNothingButKeys) {
  const Schema schema{{{"id", TypeId::bigint, false}}};
  use(Strategy::merge, {"id"});
  load(schema, {{"1"}, {"2"}});
  load(schema, {{"2"}, {"3"}});
  EXPECT_EQ(sorted(), (Rows{{"1"}, {"2"}, {"3"}}));
}

TEST_P(StrategySuite, OfOneKeyTheLastRowWins) {
  for (const Strategy strategy : {Strategy::merge, Strategy::replace}) {
    SCOPED_TRACE(to_string(strategy));
    use(strategy, {"id"});
    target_.table = to_string(strategy);
    for (int run = 0; run < 2; ++run) {
      load(kPeople, {{"1", "a"}, {"2", "b"}, {"1", "c"}, {"1", "d"}, {"3", "e"}});
      EXPECT_EQ(sorted(), (Rows{{"1", "d"}, {"2", "b"}, {"3", "e"}}));
    }
  }
}

TEST_P(StrategySuite, OfOneKeyTheLastRowWinsHoweverLongRowsAre) {
  use(Strategy::replace, {"id"});
  Rows last;
  std::vector<Batch> batches;
  for (int batch = 0; batch < 5; ++batch) {
    Rows rows;
    for (int i = 0; i < 1500; ++i) {
      const size_t width = static_cast<size_t>((i * 7919 + batch * 104'729) % 1500);
      rows.push_back({std::to_string(i % 500), fmt::format("{} {} {}", batch, i, std::string(width, static_cast<char>('a' + i % 26)))});
    }
    last.assign(rows.end() - 500, rows.end());
    batches.push_back(batch_of(kPeople, rows));
  }
  load(kPeople, std::move(batches));
  std::ranges::sort(last);
  EXPECT_TRUE(sorted() == last);
}

TEST_P(StrategySuite, OfOneKeyTheHighestIncrementalKeyWins) {
  Schema schema = kPeople;
  schema.columns.push_back({"at", TypeId::timestamp_tz, true});
  const std::string early = "\"2026-01-01T00:00:00Z\"", late = "\"2026-01-01T02:00:00+01:00\"";
  for (const Strategy strategy : {Strategy::merge, Strategy::replace}) {
    SCOPED_TRACE(to_string(strategy));
    use(strategy, {"id"}, "at");
    target_.table = to_string(strategy);
    for (int run = 0; run < 2; ++run) {
      load(schema, {{"1", "late", late}, {"1", "early", early}, {"1", "null", kNull},
                    {"2", "first", early}, {"2", "second", early}, {"3", "null", kNull}});
      EXPECT_EQ(sorted(), (Rows{{"1", "late", "2026-01-01T01:00:00Z"},
                                {"2", "second", "2026-01-01T00:00:00Z"},
                                {"3", "null", kNull}}));
    }
  }
}

TEST_P(StrategySuite, ANullInAKeyIsRefused) {
  for (const Strategy strategy : {Strategy::merge, Strategy::replace, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    load(kPeople, {{"1", "old"}});
    use(strategy, {"id"}, "id");
    const Error error = failure_of(kPeople, {{kNull, "a"}, {"1", "b"}, {kNull, "c"}});
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("2 rows have NULL in the column id, which is a key"));
    EXPECT_EQ(read(), (Rows{{"1", "old"}}));
    expect_only_target();
    wanted_ = {};
  }
}

TEST_P(StrategySuite, APredicateLimitsWhatMatches) {
  load(kPeople, {{"1", "keep"}, {"2", "change"}});
  use(Strategy::merge, {"id"});
  wanted_.predicate = "target.name <> 'keep' OR source.name = 'force' -- a comment";
  load(kPeople, {{"1", "new"}, {"2", "new"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "keep"}, {"1", "new"}, {"2", "new"}}));
}

TEST_P(StrategySuite, APredicateThatIsNoneIsRefusedBeforeAnythingHappens) {
  load(kPeople, {{"1", "a"}});
  use(Strategy::merge, {"id"});
  const auto destination = open();
  const auto fault = [&](const std::string& predicate) -> std::string {
    wanted_.predicate = predicate;
    PlanFacts wanted = facts(kPeople);
    wanted.existing = destination->describe(target_);
    try {
      destination->apply(early_checks(wanted));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.what();
    }
    return "";
  };
  for (const std::string good : {"target.id > 5", "target.name <> source.name -- why", "TRUE",
                                 "source.id IN (1, 2) OR target.name IS NULL"}) {
    EXPECT_EQ(fault(good), "");
  }
  for (const std::string bad : {"target.nope > 5", "target.id >", "1 = 1) OR (", "other.id = 5",
                                "id = 1; DROP TABLE x"}) {
    EXPECT_THAT(fault(bad), HasSubstr("--incremental-predicate is no condition")) << bad;
  }
}

TEST_P(StrategySuite, MergeKeepsWhatOnlyTheTargetHas) {
  Schema wide = kPeople;
  wide.columns.push_back({"note", TypeId::json, false});
  load(wide, {{"1", "a", "{}"}, {"2", "b", kNull}, {"3", "c", "[1]"}});
  use(Strategy::merge, {"id"});
  wanted_.predicate = "target.name <> 'c'";
  load(kPeople, {{"1", "A"}, {"2", "B"}, {"3", "C"}, {"4", "D"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "A", "{}"},
                            {"2", "B", kNull},
                            {"3", "C", kNull},
                            {"3", "c", "[1]"},
                            {"4", "D", kNull}}));
}

TEST_P(StrategySuite, DeleteInsertOfTheLandedRange) {
  load(kDays, {{"2026-01-01", "1"}, {"2026-01-02", "2"}, {"2026-01-03", "3"}, {"2026-01-04", "4"}});
  use(Strategy::delete_insert, {}, "day");
  for (int run = 0; run < 2; ++run) {
    load(kDays, {{"2026-01-03", "30"}, {"2026-01-02", "20"}, {"2026-01-02", "21"}});
    EXPECT_EQ(sorted(), (Rows{{"2026-01-01", "1"},
                              {"2026-01-02", "20"},
                              {"2026-01-02", "21"},
                              {"2026-01-03", "30"},
                              {"2026-01-04", "4"}}));
  }
  expect_only_target();
}

TEST_P(StrategySuite, DeleteInsertOfNumbers) {
  load(kPeople, {{"1", "a"}, {"2", "b"}, {"5", "c"}, {"9", "d"}});
  use(Strategy::delete_insert, {}, "id");
  load(kPeople, {{"6", "new"}, {"2", "new"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a"}, {"2", "new"}, {"6", "new"}, {"9", "d"}}));
}

TEST_P(StrategySuite, DeleteInsertOfAnInterval) {
  for (const TypeId type : {TypeId::date, TypeId::timestamp, TypeId::timestamp_tz}) {
    SCOPED_TRACE(to_string(Type(type)));
    const std::string tail = type == TypeId::date        ? ""
                             : type == TypeId::timestamp ? "T00:00:00"
                                                         : "T00:00:00Z";
    const auto day = [&](int n) { return fmt::format("2026-01-0{}", n) + tail; };
    const Schema schema{{{"at", type, false}, {"n", TypeId::bigint, false}}};
    wanted_ = {};
    load(schema, {{day(1), "1"}, {day(2), "2"}, {day(3), "3"}, {day(4), "4"}, {kNull, "5"}});
    use(Strategy::delete_insert, {}, "at");
    wanted_.interval_start = time_of("2026-01-02T00:00:00Z");
    wanted_.interval_end = time_of("2026-01-03T00:00:00Z");
    load(schema, {{day(2), "20"}, {day(4), "40"}});  // the last one as a source with another clock
    EXPECT_EQ(sorted(), (Rows{{kNull, "5"}, {day(1), "1"}, {day(2), "20"}, {day(4), "40"}}));
    wanted_.interval_start.reset();
    load(schema, std::vector<Batch>{});
    EXPECT_EQ(sorted(), (Rows{{kNull, "5"}, {day(4), "40"}}));
  }
}

TEST_P(StrategySuite, NewAndMissingColumns) {
  const Schema other{{{"extra", TypeId::date, false}, {"ID", TypeId::bigint, false}}};
  for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    wanted_ = {};
    load(kPeople, {{"1", "old"}, {"2", "old"}});
    use(strategy, {"id"}, "id");
    load_timestamp_ = true;
    load(other, {{"2026-01-01", "2"}, {kNull, "3"}});
    const std::string time = "2026-11-24T08:00:00Z";
    Rows expected = {{"1", "old", kNull, kNull},
                     {"2", strategy == Strategy::merge ? std::optional<std::string>("old") : kNull, "2026-01-01", time},
                     {"3", kNull, kNull, time}};
    if (strategy == Strategy::append) expected.push_back({"2", "old", kNull, kNull});
    std::ranges::sort(expected);
    EXPECT_EQ(sorted(), expected);
    load_timestamp_ = false;
  }
}

TEST_P(StrategySuite, OddNames) {
  const std::string longest(std::min<size_t>(300, harness_->quirks().longest_name - 10), 'x');
  const std::vector<std::string> names = {"select",    "my.table", "q\"uote",      "q'uote",
                                          "Grüße 😀", "source",   "_ingestr_row", longest};
  for (const std::string& name : names) {
    if (!has_name(name)) continue;
    SCOPED_TRACE(name);
    const Schema schema{{{name, TypeId::bigint, false}, {name + " {}", TypeId::bigint, true}}};
    target_ = named("s " + name, name);
    for (const Strategy strategy : {Strategy::merge, Strategy::delete_insert, Strategy::append}) {
      use(strategy, {name}, name);
      load(schema, {{"1", "5"}, {"2", "6"}});
    }
    EXPECT_EQ(sorted(), (Rows{{"1", "5"}, {"1", "5"}, {"2", "6"}, {"2", "6"}}));
  }
}

TEST_P(StrategySuite, ATableWithAPrimaryKey) {
  if (!harness_->quirks().has_primary_keys) GTEST_SKIP();
  harness_->make_keyed_table(target_);
  use(Strategy::append);
  load(kPeople, {{"1", "a"}, {"2", "b"}});
  const Error error = failure_of(kPeople, {{"3", "new"}, {"2", "new"}});
  EXPECT_EQ(error.kind(), ErrorKind::constraint);
  EXPECT_THAT(error.what(), HasSubstr("a row with the key id: 2 is there already"));
  EXPECT_EQ(sorted(), (Rows{{"1", "a"}, {"2", "b"}}));
  use(Strategy::merge, {"id"});
  load(kPeople, {{"2", "new"}, {"3", "new"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a"}, {"2", "new"}, {"3", "new"}}));
  use(Strategy::delete_insert, {}, "id");
  load(kPeople, {{"4", "newer"}, {"3", "newer"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a"}, {"2", "new"}, {"3", "newer"}, {"4", "newer"}}));
  expect_only_target();
}

TEST_P(StrategySuite, ReplaceKeepsAPrimaryKey) {
  if (!harness_->quirks().has_primary_keys) GTEST_SKIP();
  harness_->make_keyed_table(target_);
  load(kPeople, {{"2", "b"}, {"1", "a"}});
  load(kPeople, {{"3", "c"}, {"1", "A"}});
  EXPECT_TRUE(has_rows({{"3", "c"}, {"1", "A"}}));
  EXPECT_EQ(harness_->schema(target_), kPeople);
  for (const Rows& broken : {Rows{{"5", "x"}, {"5", "y"}}, Rows{{kNull, "x"}}}) {
    const Error error = failure_of(kPeople, broken);
    EXPECT_EQ(error.kind(), ErrorKind::constraint);
    EXPECT_THAT(error.what(), HasSubstr(to_string(target_) + ": a row "));
    EXPECT_THAT(error.what(), HasSubstr("load with --full-refresh"));
    EXPECT_TRUE(has_rows({{"3", "c"}, {"1", "A"}}));
  }
  use(Strategy::replace, {"id"});
  load(kPeople, {{"5", "x"}, {"5", "y"}});
  EXPECT_EQ(read(), (Rows{{"5", "y"}}));
  for (const bool applied : {false, true}) {
    ASSERT_EQ(killed({{"6", "new"}}, applied), "killed");
    EXPECT_THAT(read(), testing::AnyOf(Rows{{"5", "y"}}, Rows{{"6", "new"}}));
    load(kPeople, {{"5", "y"}});
    expect_only_target();
  }
  use(Strategy::append);
  EXPECT_EQ(failure_of(kPeople, {{"5", "new"}}).kind(), ErrorKind::constraint);
  wanted_.fresh = true;
  for (const Strategy strategy : {Strategy::replace, Strategy::append}) {
    use(strategy);
    load(kPeople, {{"5", "x"}, {"5", "y"}});
    EXPECT_EQ(read(), (Rows{{"5", "x"}, {"5", "y"}}));
  }
  expect_only_target();
}

TEST_P(StrategySuite, AViewIsRefused) {
  if (!harness_->quirks().has_views) GTEST_SKIP();
  load_old();
  target_ = named("dest", "view");
  harness_->make_view(target_);
  use(Strategy::append);
  EXPECT_THAT(failure_of(kPeople, {{"1", "a"}}).what(), HasSubstr(to_string(target_) + " is a view"));
}

TEST_P(StrategySuite, FailureInTheMiddleLeavesTheTarget) {
  for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    wanted_ = {};
    load(kPeople, {{"1", "a"}, {"2", "b"}});
    use(strategy, {"id"}, "id");
    const Schema schema{{{"id", TypeId::bigint, false},
                         {"name", TypeId::bigint, false},
                         {"more", TypeId::bigint, true}}};
    EXPECT_THAT(failure_of(schema, {{"2", "7", "7"}, {"3", "8", "\"no number\""}}).what(),
                HasSubstr("column more"));
    EXPECT_EQ(read(), (Rows{{"1", "a"}, {"2", "b"}}));
    EXPECT_EQ(harness_->schema(target_), kPeople);
    expect_only_target();
  }
}

TEST_P(StrategySuite, KilledRunsLeaveBeforeOrAfter) {
  for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    const Rows before = {{"1", "a"}, {"2", "b"}};
    wanted_ = {};
    load(kPeople, before);
    use(strategy, {"id"}, "id");
    ASSERT_EQ(killed({{"2", "new"}}, false), "killed");
    EXPECT_EQ(read(), before);
    Rows after = {{"1", "a"}, {"2", "new"}};
    if (strategy == Strategy::append) after.insert(after.begin() + 1, {"2", "b"});
    ASSERT_EQ(killed({{"2", "new"}}, true), "killed");
    EXPECT_THAT(sorted(), testing::AnyOf(before, after));
    load(kPeople, std::vector<Batch>{});
    expect_only_target();
  }
}

}  // namespace
}  // namespace ingestr
