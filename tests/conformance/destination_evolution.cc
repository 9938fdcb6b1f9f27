// What becomes of a target's columns when rows of other types come: no value is lost.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/strategy_suite.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::HasSubstr;

// A value that is there, one that comes, and both as they are then.
struct Change {
  Type there;
  std::string old_value;
  Type landed;
  std::string new_value;
  Type then;
  std::string old_then;
  std::string new_then;
  bool inferred = false;
};

const Type kDecimal = Type::decimal(9, 2);

std::vector<Change> changes() {
  return {
      {TypeId::bigint, "1", TypeId::smallint, "2", TypeId::bigint, "1", "2"},
      {TypeId::smallint, "1", TypeId::bigint, "9007199254740993", TypeId::bigint, "1", "9007199254740993"},
      {TypeId::bigint, "1", TypeId::double_, "2.5", TypeId::double_, "1.0", "2.5"},
      {TypeId::double_, "1.5", TypeId::bigint, "7", TypeId::double_, "1.5", "7.0"},
      {TypeId::double_, "1.5", TypeId::bigint, "7", TypeId::double_, "1.5", "7.0", true},
      {kDecimal, "1.50", TypeId::bigint, "9223372036854775807", Type::decimal(21, 2), "1.50",
       "9223372036854775807.00"},
      {kDecimal, "1.50", Type::decimal(38, 10), "0.1234567891", Type::decimal(38, 10), "1.5000000000",
       "0.1234567891"},
      {Type::decimal(38, 0), std::string(38, '9'), Type::decimal(38, 10), "0.1234567891", TypeId::varchar,
       std::string(38, '9'), "0.1234567891"},
      {kDecimal, "1.50", TypeId::double_, "0.25", TypeId::double_, "1.5", "0.25"},
      {TypeId::bigint, "1", TypeId::varchar, "00123", TypeId::varchar, "1", "00123"},
      {TypeId::varchar, "text", TypeId::bigint, "12", TypeId::varchar, "text", "12"},
      {TypeId::varchar, "text", TypeId::double_, "1.50", TypeId::varchar, "text", "1.50", true},
      {TypeId::varchar, "text", TypeId::varchar, "\"it's\"", TypeId::varchar, "text", "it's", true},
      {TypeId::varchar, "text", TypeId::null, "null", TypeId::varchar, "text", "~", true},
      {TypeId::bigint, "1", TypeId::null, "null", TypeId::bigint, "1", "~", true},
      {TypeId::json, "{}", TypeId::null, "null", TypeId::json, "{}", "~", true},
      {Type::list_of(TypeId::varchar), "|a|", TypeId::null, "null", Type::list_of(TypeId::varchar), "|a|", "~", true},
      {TypeId::boolean, "true", TypeId::bigint, "2", TypeId::varchar, "true", "2"},
      {TypeId::date, "2026-01-01", TypeId::timestamp, "2026-01-02T03:04:05", TypeId::timestamp,
       "2026-01-01T00:00:00", "2026-01-02T03:04:05"},
      {TypeId::date, "2026-01-01", TypeId::varchar, "03/04/2024", TypeId::varchar, "2026-01-01", "03/04/2024"},
      {TypeId::varchar, "say \"hi\"", TypeId::json, R"({"a": 1})", TypeId::json, R"("say \"hi\"")",
       R"({"a": 1})"},
      {TypeId::json, R"({"a":  1})", TypeId::varchar, "text", TypeId::json, R"({"a":  1})", R"("text")"},
      {TypeId::json, "[1]", TypeId::bigint, "9007199254740993", TypeId::json, "[1]", "9007199254740993", true},
      {TypeId::json, "[1]", kDecimal, "1.50", TypeId::json, "[1]", "1.50"},
      {Type::list_of(TypeId::varchar), "|a|b|", TypeId::json, "{}", TypeId::json, R"(["a","b"])", "{}"},
      {Type::list_of(TypeId::smallint), "|1|", Type::list_of(TypeId::bigint), "|2|~|",
       Type::list_of(TypeId::bigint), "|1|", "|2|~|"},
      {TypeId::uuid, "f3c847af-95b7-559c-a5ac-3bf4c2723f7c", TypeId::varchar, "none", TypeId::varchar,
       "f3c847af-95b7-559c-a5ac-3bf4c2723f7c", "none"},
  };
}

TEST_P(StrategySuite, ColumnsWidenSoThatNoValueIsLost) {
  const auto cell = [](const std::string& text) {
    return text == "~" ? std::nullopt : std::optional(text);
  };
  for (const Change& change : changes()) {
    if (!has(change.there) || !has(change.landed)) continue;
    for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
      SCOPED_TRACE(fmt::format("{}: {} into {}", to_string(strategy), to_string(change.landed), to_string(change.there)));
      wanted_ = {};
      load({{{"id", TypeId::bigint, false}, {"value", change.there, false}}},
           {{"1", change.old_value}, {"2", std::nullopt}});
      use(strategy, {"id"}, "id");
      load({{{"id", TypeId::bigint, false}, {"value", change.landed, change.inferred}}},
           {{"3", change.new_value}, {"4", std::nullopt}});
      EXPECT_EQ(sorted(), (Rows{{"1", cell(change.old_then)},
                                {"2", std::nullopt},
                                {"3", cell(change.new_then)},
                                {"4", std::nullopt}}));
      EXPECT_EQ(to_string(harness_->schema(target_).columns[1].type), to_string(change.then));
    }
  }
}

TEST_P(StrategySuite, KeysOfOtherTypesStillMatch) {
  load({{{"id", TypeId::varchar, false}, {"name", TypeId::varchar, false}}}, {{"1", "a"}, {"x", "b"}});
  use(Strategy::merge, {"id"});
  load(kPeople, {{"1", "new"}});
  EXPECT_EQ(sorted(), (Rows{{"1", "new"}, {"x", "b"}}));
}

TEST_P(StrategySuite, NumbersThatWouldLoseDigitsAreRefused) {
  const Schema whole{{{"n", TypeId::bigint, false}}}, floating{{{"n", TypeId::double_, false}}};
  load(whole, {{"9007199254740993"}});
  use(Strategy::append);
  EXPECT_THAT(failure_of(floating, {{"0.5"}}).what(),
              HasSubstr("column n would have to become DOUBLE, but 1 row has a BIGINT in it"));
  EXPECT_EQ(read(), Rows{{"9007199254740993"}});
  EXPECT_EQ(harness_->schema(target_), whole);
  wanted_ = {};
  load(floating, {{"0.5"}});
  use(Strategy::append);
  EXPECT_THAT(failure_of(whole, {{"9223372036854775807"}}).what(),
              HasSubstr("column n would have to become DOUBLE, but 1 row has a BIGINT in it"));
  EXPECT_EQ(read(), Rows{{"0.5"}});
  expect_only_target();
}

TEST_P(StrategySuite, BytesBesideTextAreRefused) {
  load({{{"value", TypeId::blob, false}}}, {{"bytes"}});
  use(Strategy::append);
  EXPECT_THAT(failure_of({{{"value", TypeId::varchar, false}}}, {{"text"}}).what(),
              HasSubstr("column value of " + to_string(target_) + " is BLOB there and VARCHAR in the source"));
  expect_only_target();
}

}  // namespace
}  // namespace ingestr
