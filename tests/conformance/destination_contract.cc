// What a schema contract lets into a target.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/strategy_suite.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

const auto kNull = std::nullopt;

// kPeople with a column that only it has.
Schema with_age(bool inferred = false) {
  Schema schema = kPeople;
  schema.columns.push_back({"age", TypeId::bigint, inferred});
  return schema;
}

TEST_P(ContractSuite, FreezeRefusesChangesAndLeavesTheTarget) {
  load(kPeople, {{"1", "a"}});
  use(Strategy::append);
  wanted_.contract = Contract::freeze;
  EXPECT_THAT(failure_of(with_age(), {{"2", "b", "5"}}).what(), HasSubstr("age BIGINT is new"));
  EXPECT_THAT(failure_of(with_age(true), {{"2", "b", "5"}}).what(), HasSubstr("age BIGINT is new"));
  EXPECT_THAT(failure_of({{{"id", TypeId::double_, false}}}, {{"0.5"}}).what(),
              HasSubstr("id is BIGINT there and DOUBLE in the source"));
  EXPECT_EQ(read(), (Rows{{"1", "a"}}));
  EXPECT_EQ(harness_->schema(target_), kPeople);
  expect_only_target();
}

// H14 of tests/CONTRACT.md: such a column was taken for a removed one.
TEST_P(ContractSuite, FreezeTakesColumnsThatAreMissingOrAllNull) {
  load(with_age(), {{"1", "a", "5"}});
  use(Strategy::append);
  load_timestamp_ = true;  // which the target does not have, and does not get
  load_under(Contract::freeze, kPeople, {{"2", "b"}});
  load_under(Contract::freeze, with_age(), {{"3", kNull, kNull}});
  Schema all_null = kPeople;
  all_null.columns.push_back({"age", TypeId::null, true});
  all_null.columns.push_back({"more", TypeId::null, true});
  load_under(Contract::freeze, all_null, {{"4", "d", "null", "null"}});
  EXPECT_EQ(read(), (Rows{{"1", "a", "5"}, {"2", "b", kNull}, {"3", kNull, kNull}, {"4", "d", kNull}}));
  EXPECT_EQ(harness_->schema(target_), with_age());
}

TEST_P(ContractSuite, FreezeTakesNarrowerTypes) {
  load(with_age(), {{"1", "a", "5"}});
  use(Strategy::append);
  load_under(Contract::freeze, {{{"id", TypeId::smallint, false}, {"name", TypeId::bigint, true}}},
             {{"2", "7"}});
  EXPECT_EQ(read(), (Rows{{"1", "a", "5"}, {"2", "7", kNull}}));
}

TEST_P(ContractSuite, DiscardRow) {
  for (const bool inferred : {false, true}) {
    SCOPED_TRACE(inferred);
    wanted_ = {};
    load(kPeople, {{"1", "a"}});
    use(Strategy::append);
    load_timestamp_ = true;
    load_under(Contract::discard_row, with_age(inferred),
               {{"2", "b", "5"}, {"3", "c", kNull}, {"4", kNull, kNull}, {"5", "e", "6"}});
    load_timestamp_ = false;
    EXPECT_EQ(read(), (Rows{{"1", "a"}, {"3", "c"}, {"4", kNull}}));
    EXPECT_EQ(harness_->schema(target_), kPeople);
    expect_discarded(inferred ? 4 : 2, 0);
  }
  expect_only_target();
}

// H14 of tests/CONTRACT.md: all values of such a column became NULL, and nobody was told.
TEST_P(ContractSuite, DiscardValueTakesOnlyWhatDoesNotFit) {
  load(kPeople, {{"1", "a"}});
  use(Strategy::append);
  load_under(Contract::discard_value,
             {{{"id", TypeId::varchar, true}, {"name", TypeId::varchar, false}, {"age", TypeId::bigint, false}}},
             {{"2", "b", "5"}, {"\"three\"", "c", "6"}, {"4", kNull, kNull}, {"2.5", "e", kNull}, {"null", "f", kNull}});
  EXPECT_EQ(read(), (Rows{{"1", "a"}, {"2", "b"}, {kNull, "c"}, {"4", kNull}, {kNull, "e"}, {kNull, "f"}}));
  EXPECT_EQ(harness_->schema(target_), kPeople);
  expect_discarded(0, 4);
}

struct Fit {
  Type there;
  Type landed;
  std::string value;
  std::optional<std::string> fitted;  // nothing: it does not fit
  bool inferred = false;
};

std::vector<Fit> fits() {
  const Type kDecimal = Type::decimal(9, 2);
  return {
      {TypeId::smallint, TypeId::bigint, "32767", "32767"},
      {TypeId::smallint, TypeId::bigint, "32768", kNull},
      {TypeId::bigint, TypeId::double_, "2.0", "2"},
      {TypeId::bigint, TypeId::double_, "2.5", kNull},
      {TypeId::bigint, TypeId::double_, "1e300", kNull},
      {TypeId::double_, TypeId::bigint, "9007199254740992", "9007199254740992.0"},
      {TypeId::double_, TypeId::bigint, "9007199254740993", kNull},
      {kDecimal, TypeId::double_, "0.25", "0.25"},
      {kDecimal, TypeId::double_, "0.125", kNull},
      {kDecimal, Type::decimal(20, 4), "1.5000", "1.50"},
      {kDecimal, Type::decimal(20, 4), "1.5001", kNull},
      {TypeId::bigint, TypeId::varchar, "-12", "-12"},
      {TypeId::bigint, TypeId::varchar, "00123", kNull},
      {TypeId::bigint, TypeId::varchar, " 12", kNull},
      {TypeId::bigint, TypeId::varchar, "9223372036854775808", kNull},
      {TypeId::bigint, TypeId::boolean, "true", kNull},
      {TypeId::boolean, TypeId::varchar, "true", "true"},
      {TypeId::boolean, TypeId::varchar, "yes", kNull},
      {kDecimal, TypeId::varchar, "1.5", "1.50"},
      {kDecimal, TypeId::varchar, "1.555", kNull},
      {TypeId::double_, TypeId::varchar, "1.50", "1.5"},
      {TypeId::double_, TypeId::varchar, "0.30000000000000004", "0.30000000000000004"},
      {TypeId::double_, TypeId::varchar, "0.1234567890123456789", kNull},
      {TypeId::double_, TypeId::varchar, "0.0", "0.0"},
      {TypeId::double_, TypeId::varchar, "-1e400", kNull},
      {TypeId::double_, TypeId::varchar, "1e-400", kNull},
      {TypeId::real, TypeId::varchar, "1e39", kNull},
      {TypeId::double_, TypeId::json, "1e400", kNull, true},
      {TypeId::double_, TypeId::varchar, "nan", kNull},
      {TypeId::date, TypeId::varchar, "2026-01-31", "2026-01-31"},
      {TypeId::date, TypeId::varchar, "2026-02-30", kNull},
      {TypeId::date, TypeId::varchar, "03/04/2024", kNull},
      {TypeId::date, TypeId::timestamp, "2026-01-31T00:00:00", "2026-01-31"},
      {TypeId::date, TypeId::timestamp, "2026-01-31T00:00:01", kNull},
      {TypeId::time, TypeId::varchar, "10:30:00", "10:30:00"},
      {TypeId::time, TypeId::varchar, "10:30", kNull},
      {TypeId::timestamp, TypeId::varchar, "2026-01-31T10:30:00", "2026-01-31T10:30:00"},
      {TypeId::timestamp, TypeId::varchar, "2026-01-31T10:30:00Z", kNull},
      {TypeId::timestamp_tz, TypeId::varchar, "2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00Z"},
      {TypeId::timestamp_tz, TypeId::varchar, "2026-01-31T10:30:00", kNull},
      {TypeId::timestamp, TypeId::varchar, "2026-01-31 10:30", "2026-01-31T10:30:00"},
      {TypeId::timestamp_tz, TypeId::varchar, "2026-01-31T10:30+01", "2026-01-31T09:30:00Z"},
      {TypeId::timestamp, TypeId::bigint, "5", kNull},
      {TypeId::uuid, TypeId::varchar, "f3c847af-95b7-559c-a5ac-3bf4c2723f7c", "f3c847af-95b7-559c-a5ac-3bf4c2723f7c"},
      {TypeId::uuid, TypeId::varchar, "none", kNull},
      {TypeId::varchar, TypeId::json, "\"text\"", "text", true},
      {TypeId::varchar, TypeId::json, R"({"a": 1})", kNull, true},
      {TypeId::bigint, TypeId::json, "5", "5", true},
      {TypeId::bigint, TypeId::json, "[5]", kNull, true},
      {TypeId::date, TypeId::json, "\"2026-01-31\"", "2026-01-31"},
      {Type::list_of(TypeId::bigint), TypeId::json, "[1, null, 3]", "|1|~|3|"},
      {Type::list_of(TypeId::bigint), TypeId::json, R"(["1"])", kNull},
      {Type::list_of(TypeId::bigint), TypeId::json, "{}", kNull},
      {Type::list_of(TypeId::smallint), Type::list_of(TypeId::bigint), "|1|2|", "|1|2|"},
      {Type::list_of(TypeId::smallint), Type::list_of(TypeId::bigint), "|1|99999|", kNull},
      {TypeId::blob, TypeId::varchar, "text", kNull},
      {TypeId::varchar, TypeId::blob, "text", kNull},
      {TypeId::interval, TypeId::varchar, "1 day", kNull},
  };
}

TEST_P(ContractSuite, WhatFitsIntoAType) {
  uint64_t rows = 0, values = 0;
  for (const Fit& fit : fits()) {
    if (!has(fit.there) || !has(fit.landed)) continue;
    SCOPED_TRACE(fmt::format("{} as {} into {}", fit.value, to_string(fit.landed), to_string(fit.there)));
    const auto with = [](const Type& type, bool inferred) {
      return Schema{{{"id", TypeId::bigint, false}, {"value", type, inferred}}};
    };
    wanted_ = {};
    load(with(fit.there, false), std::vector<Batch>{});
    use(Strategy::append);
    load_under(Contract::discard_value, with(fit.landed, fit.inferred), {{"1", fit.value}, {"2", kNull}});
    EXPECT_THAT(read(), UnorderedElementsAre(Cells{"1", fit.fitted}, Cells{"2", kNull}));
    EXPECT_EQ(to_string(harness_->schema(target_).columns[1].type), to_string(fit.there));
    load_under(Contract::discard_row, with(fit.landed, fit.inferred), {{"3", fit.value}, {"4", kNull}});
    Rows expected = {{"1", fit.fitted}, {"2", kNull}};
    if (fit.fitted) expected.push_back({"3", fit.fitted});
    expected.push_back({"4", kNull});
    EXPECT_THAT(read(), UnorderedElementsAreArray(expected));  // a server puts rows where old ones were
    if (!fit.fitted) ++rows, ++values;
    expect_discarded(rows, values);
  }
}

TEST_P(ContractSuite, KeysThatDoNotFitAreNullAndRefused) {
  load(kPeople, {{"1", "a"}});
  use(Strategy::merge, {"id"});
  wanted_.contract = Contract::discard_value;
  const Schema schema{{{"id", TypeId::varchar, false}, {"name", TypeId::varchar, false}}};
  EXPECT_THAT(failure_of(schema, {{"x", "b"}}).what(), HasSubstr("1 row has NULL in the column id"));
  expect_discarded(0, 0);
  wanted_.contract = Contract::discard_row;
  load(schema, {{"x", "b"}, {"1", "new"}, {"2", "c"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "new"}, {"2", "c"}}));
  expect_discarded(1, 0);
}

TEST_P(ContractSuite, EveryStrategyKeepsToIt) {
  for (const Strategy strategy : {Strategy::merge, Strategy::delete_insert, Strategy::scd2}) {
    SCOPED_TRACE(to_string(strategy));
    target_.table = to_string(strategy);
    use(strategy, {"id"}, "id");
    load(kPeople, {{"1", "a"}});
    const Schema columns = harness_->schema(target_);
    wanted_.contract = Contract::freeze;
    EXPECT_THAT(failure_of(with_age(), {{"1", "b", "5"}}).what(), HasSubstr("age BIGINT is new"));
    load_under(Contract::discard_row, with_age(), {{"1", "b", kNull}, {"2", "c", "5"}});
    load_under(Contract::discard_value, with_age(), {{"3", "d", "5"}});
    EXPECT_EQ(harness_->schema(target_), columns);
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Cells& row : sorted()) rows.emplace_back(*row[0], *row[1]);
    std::vector<std::pair<std::string, std::string>> expected = {{"1", "b"}, {"3", "d"}};
    if (strategy == Strategy::scd2) expected.insert(expected.begin(), {"1", "a"});
    EXPECT_EQ(rows, expected);
  }
}

TEST_P(ContractSuite, ATableWithNoneOfTheColumnsIsRefused) {
  load_old();
  use(Strategy::append);
  wanted_.contract = Contract::discard_value;
  EXPECT_THAT(failure_of(kPeople, {{"1", "a"}}).what(), HasSubstr("has none of the source's columns"));
  expect_old();
}

}  // namespace
}  // namespace ingestr
