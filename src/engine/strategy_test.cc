#include "engine/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using testing::HasSubstr;

PlanFacts companies() {
  PlanFacts facts;
  facts.target = {"dest", "companies"};
  facts.landed.columns = {{"id", TypeId::json, false}, {"created_at", TypeId::timestamp_tz, false}};
  facts.loaded_at =
      SystemTime(std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours(7));
  return facts;
}

TEST(Strategy, ReplacePlan) {
  EXPECT_EQ(to_text(make_plan(companies())), R"(before the rows:
  create schema dest
  drop landing tables that dead runs left
  drop table dest._ingestr_landing_companies
  create table dest._ingestr_landing_companies (id JSON, created_at TIMESTAMPTZ)
rows land in dest._ingestr_landing_companies
after the rows, all or nothing:
  add column _ingestr_loaded_at to dest._ingestr_landing_companies with 2026-11-24T07:00:00.000000Z
  drop table dest.companies
  rename table dest._ingestr_landing_companies to companies
)");
}

TEST(Strategy, ReplacePlanWithInferredColumnsAndWithoutSchemaOrTimestamp) {
  PlanFacts facts = companies();
  facts.target = {"", "my.table"};
  facts.loaded_at.reset();
  facts.landed.columns.push_back({"size", Type::decimal(38, 0), true});
  facts.landed.columns.push_back({"empty", TypeId::null, true});
  EXPECT_EQ(to_text(make_plan(facts)), R"(before the rows:
  drop landing tables that dead runs left
  drop table "_ingestr_landing_my.table"
  create table "_ingestr_landing_my.table" (id JSON, created_at TIMESTAMPTZ, size JSON, empty JSON)
rows land in "_ingestr_landing_my.table"
after the rows, all or nothing:
  decode column size of "_ingestr_landing_my.table" as DECIMAL(38,0)
  decode column empty of "_ingestr_landing_my.table" as VARCHAR
  drop table "my.table"
  rename table "_ingestr_landing_my.table" to "my.table"
)");
}

TEST(Strategy, LandingNamesStayShortAndDistinct) {
  EXPECT_EQ(landing_name({"s", "t"}), (TableName{"s", "_ingestr_landing_t"}));
  const std::string exact(43, 'x');
  EXPECT_EQ(landing_name({"", exact}).table, "_ingestr_landing_" + exact);
  const std::string longer = landing_name({"", exact + "y"}).table;
  EXPECT_EQ(longer.size(), 60U);
  EXPECT_EQ(longer, landing_name({"", exact + "y"}).table);
  EXPECT_NE(longer, landing_name({"", exact + "z"}).table);
}

TEST(Strategy, LandingNamesAreCutBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 30; ++i)
    name += "ü";  // two bytes each; the 34 bytes that are left end in the middle for "aü…"
  EXPECT_EQ(landing_name({"", name}).table.size(), 60U);
  EXPECT_EQ(landing_name({"", "a" + name}).table.size(), 59U);
}

TEST(Strategy, Names) {
  EXPECT_EQ(parse_strategy("replace"), Strategy::replace);
  EXPECT_EQ(to_string(Strategy::replace), "replace");
  for (const char* planned : {"append", "merge", "delete+insert", "scd2"}) {
    try {
      parse_strategy(planned);
      FAIL() << planned;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      EXPECT_EQ(std::string(error.what()),
                "the strategy " + std::string(planned) +
                    " is not available yet in this version; use replace");
    }
  }
  for (const char* unknown : {"none", "truncate+insert", "upsert", "Replace", ""}) {
    try {
      parse_strategy(unknown);
      FAIL() << unknown;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr("use replace"));
    }
  }
}

}  // namespace
}  // namespace ingestr
