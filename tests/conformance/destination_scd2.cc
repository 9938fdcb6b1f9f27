// What scd2 makes of a target: every state of a row, with the time when it was so.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "conformance/strategy_suite.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::HasSubstr;

const auto kNull = std::nullopt;

// The hour of the day of each run, as a target has it.
std::string at(int hour) { return fmt::format("2026-11-24T{:02}:00:00Z", hour); }

TEST_P(Scd2Suite, ChangeDeleteReappearAddColumnAndDuplicates) {
  run(kPeople, {{"1", "a"}, {"2", "b"}, {"3", "c"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), kNull, "true"},
                            {"2", "b", at(8), kNull, "true"},
                            {"3", "c", at(8), kNull, "true"}}));
  run(kPeople, {{"1", "a"}, {"2", "B"}, {"3", "c"}});  // 2 changes
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), kNull, "true"},
                            {"2", "B", at(9), kNull, "true"},
                            {"2", "b", at(8), at(9), "false"},
                            {"3", "c", at(8), kNull, "true"}}));
  run(kPeople, {{"1", "a"}, {"2", "B"}});  // 3 vanishes
  run(kPeople, {{"1", "a"}, {"2", "B"}, {"3", "c"}});  // and is there again
  const Rows reopened = {{"1", "a", at(8), kNull, "true"},
                         {"2", "B", at(9), kNull, "true"},
                         {"2", "b", at(8), at(9), "false"},
                         {"3", "c", at(8), at(10), "false"},
                         {"3", "c", at(11), kNull, "true"}};
  EXPECT_EQ(sorted(), reopened);
  run(kPeople, {{"3", "x"}, {"1", "a"}, {"2", "B"}, {"1", "y"}, {"1", "a"}, {"3", "c"}});  // the last one counts
  EXPECT_EQ(sorted(), reopened);
  Schema wider = kPeople;
  wider.columns.push_back({"age", TypeId::bigint, false});
  run(wider, {{"1", "a", "5"}, {"2", "B", kNull}, {"3", "c", kNull}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), at(13), "false", kNull},
                            {"1", "a", at(13), kNull, "true", "5"},
                            {"2", "B", at(9), kNull, "true", kNull},
                            {"2", "b", at(8), at(9), "false", kNull},
                            {"3", "c", at(8), at(10), "false", kNull},
                            {"3", "c", at(11), kNull, "true", kNull}}));
  expect_only_target();
}

TEST_P(Scd2Suite, ColumnsThatTheRowsLackChangeNothingAndKeepTheirValues) {
  Schema wide = kPeople;
  wide.columns.push_back({"age", TypeId::bigint, false});
  run(wide, {{"1", "a", "5"}, {"2", "b", "6"}});
  run(kPeople, {{"1", "a"}, {"2", "B"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", "5", at(8), kNull, "true"},
                            {"2", "B", "6", at(9), kNull, "true"},
                            {"2", "b", "6", at(8), at(9), "false"}}));
}

TEST_P(Scd2Suite, TheLoadTimestampIsNotCompared) {
  load_timestamp_ = true;
  run(kPeople, {{"1", "a"}, {"2", "b"}});
  run(kPeople, {{"1", "a"}, {"2", "B"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), kNull, "true", at(8)},
                            {"2", "B", at(9), kNull, "true", at(9)},
                            {"2", "b", at(8), at(9), "false", at(8)}}));
}

// NULL is a value like others, of every type that has an odd equality.
TEST_P(Scd2Suite, ValuesAreComparedWithNull) {
  const std::vector<std::pair<Type, std::string>> types = {
      {TypeId::varchar, ""},           {TypeId::json, R"({"a": [1]})"},
      {Type::list_of(TypeId::varchar), "|a|~|"}, {Type::list_of(TypeId::varchar), "|"},
      {TypeId::double_, "0.5"},        {TypeId::blob, "bytes"},
      {TypeId::interval, "1 2 3"},     {TypeId::timestamp_tz, "2026-01-01T00:00:00Z"}};
  for (const auto& [type, value] : types) {
    if (!has(type)) continue;
    SCOPED_TRACE(to_string(type) + " " + value);
    target_.table = fmt::format("t{}", harness_->tables().size());
    const Schema schema{{{"id", TypeId::bigint, false}, {"value", type, false}}};
    run(schema, {{"1", kNull}, {"2", value}, {"3", kNull}, {"4", value}});
    run(schema, {{"1", kNull}, {"2", value}, {"3", value}, {"4", kNull}});
    std::vector<std::pair<std::string, std::string>> current;
    int closed = 0;
    for (const Cells& row : sorted()) {
      if (row[4] == "true") current.emplace_back(*row[0], row[1].value_or("~"));
      closed += row[4] == "false";
    }
    EXPECT_EQ(current, (std::vector<std::pair<std::string, std::string>>{
                           {"1", "~"}, {"2", value}, {"3", value}, {"4", "~"}}));
    EXPECT_EQ(closed, 2);
  }
}

TEST_P(Scd2Suite, WithAnIncrementalKeyNothingVanishes) {
  use(Strategy::scd2, {"id"}, "name");
  run(kPeople, {{"1", "a"}, {"2", "b"}});
  run(kPeople, {{"2", "c"}, {"2", "b"}});  // the highest key counts
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), kNull, "true"},
                            {"2", "b", at(8), at(9), "false"},
                            {"2", "c", at(9), kNull, "true"}}));
}

TEST_P(Scd2Suite, OfSomeRowsNothingVanishes) {
  run(kPeople, {{"1", "a"}, {"2", "b"}});
  wanted_.partial = true;  // --sql-limit
  run(kPeople, {{"2", "b"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), kNull, "true"}, {"2", "b", at(8), kNull, "true"}}));
}

TEST_P(Scd2Suite, NoRowsCloseAllThatIsCurrent) {
  run(kPeople, {{"1", "a"}, {"2", "b"}});
  run(kPeople, {{"2", "b"}});
  run(kPeople, {});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), at(9), "false"}, {"2", "b", at(8), at(10), "false"}}));
}

TEST_P(Scd2Suite, TypesWidenWithoutNewVersions) {
  run(kPeople, {{"1", "7"}, {"2", "8"}});
  run({{{"id", TypeId::varchar, false}, {"name", TypeId::bigint, false}}}, {{"1", "7"}, {"2", "9"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "7", at(8), kNull, "true"},
                            {"2", "8", at(8), at(9), "false"},
                            {"2", "9", at(9), kNull, "true"}}));
}

TEST_P(Scd2Suite, KeysOfSeveralColumnsAndNothingElse) {
  use(Strategy::scd2, {"id", "name"});
  run(kPeople, {{"1", "a"}, {"1", "b"}});
  run(kPeople, {{"1", "b"}, {"2", "b"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "a", at(8), at(9), "false"},
                            {"1", "b", at(8), kNull, "true"},
                            {"2", "b", at(9), kNull, "true"}}));
}

TEST_P(Scd2Suite, AFullRefreshBeginsAnew) {
  use(Strategy::replace);
  load(kPeople, {{"9", "z"}});  // without versions
  use(Strategy::scd2, {"id"});
  EXPECT_THAT(failure_of(kPeople, {{"1", "a"}}).what(), HasSubstr("was not made by scd2"));
  wanted_.fresh = true;
  run(kPeople, {{"1", "a"}});
  run(kPeople, {{"2", "b"}});
  EXPECT_EQ(sorted(), (Rows{{"2", "b", at(9), kNull, "true"}}));
  expect_only_target();
}

TEST_P(Scd2Suite, FailureAndKillLeaveTheVersions) {
  run(kPeople, {{"1", "a"}});
  const Rows before = {{"1", "a", at(8), kNull, "true"}};
  EXPECT_THAT(failure_of(kPeople, {{"1", "b"}, {kNull, "c"}}).what(),
              HasSubstr("1 row has NULL in the column id, which is a key"));
  EXPECT_EQ(sorted(), before);
  expect_only_target();
  ASSERT_EQ(killed({{"1", "b"}}, false), "killed");
  EXPECT_EQ(sorted(), before);
  ASSERT_EQ(killed({{"1", "b"}}, true), "killed");
  EXPECT_THAT(sorted(), testing::AnyOf(before, Rows{{"1", "a", at(8), at(9), "false"},
                                                    {"1", "b", at(9), kNull, "true"}}));
}

}  // namespace
}  // namespace ingestr
