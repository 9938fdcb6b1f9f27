#include "engine/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
  replace dest.companies by dest._ingestr_landing_companies, keeping constraints, defaults, indexes and comments
)");
  PlanFacts fresh = companies();
  fresh.fresh = true;
  EXPECT_THAT(to_text(make_plan(fresh)), EndsWith(R"(
  drop table dest.companies
  rename table dest._ingestr_landing_companies to companies
)"));
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
  replace "my.table" by "_ingestr_landing_my.table", keeping constraints, defaults, indexes and comments
)");
}

TEST(Strategy, RowsThatNeedNothingAreWrittenStraightIntoATableThatIsMadeAnew) {
  PlanFacts facts = companies();
  facts.straight = true;
  EXPECT_EQ(to_text(make_plan(facts)), R"(rows are written straight into dest.companies, in place of what it has
  add column _ingestr_loaded_at to dest.companies with 2026-11-24T07:00:00.000000Z
)");
  facts.loaded_at.reset();
  facts.strategy = Strategy::append;
  EXPECT_EQ(to_text(make_plan(facts)), "rows are written straight into dest.companies\n");
}

TEST(Strategy, RowsLandThatAreToBeLookedAtTogether) {
  PlanFacts facts = companies();
  facts.straight = true;
  facts.landed.columns.push_back({"n", TypeId::bigint, false});
  PlanFacts keyed = facts;
  keyed.primary_key = {"n"};
  PlanFacts apart = facts;
  apart.partition_by = {"n"};
  PlanFacts late = facts;
  late.landed.columns.push_back({"late", TypeId::bigint, true});
  PlanFacts growing = facts;
  growing.strategy = Strategy::append;
  growing.existing = facts.landed;
  for (const PlanFacts& landing : {keyed, apart, late, growing}) EXPECT_FALSE(make_plan(landing).straight);
  EXPECT_TRUE(make_plan(facts).straight);
}

std::string refused(const std::vector<std::string>& partition_by) {
  PlanFacts facts = companies();
  facts.partition_by = partition_by;
  facts.landed.columns = {{"day", TypeId::date, false}, {"j", TypeId::json, true}};
  try {
    make_plan(facts);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Strategy, FilesAreKeptApartByColumns) {
  PlanFacts facts = companies();
  facts.partition_by = {"CREATED_AT"};
  EXPECT_THAT(to_text(make_plan(facts)), HasSubstr("\n  keep files of dest.companies apart by created_at\n  replace "));
  EXPECT_EQ(refused({"day"}), "");
  EXPECT_THAT(refused({"none"}), StartsWith("--partition-by names none, which is no column of the table; its columns are day, j"));
  EXPECT_THAT(refused({"day", "Day"}), StartsWith("--partition-by names day twice"));
  EXPECT_THAT(refused({"j"}), StartsWith("--partition-by j is JSON"));
  EXPECT_THAT(refused({"_ingestr_loaded_at"}), StartsWith("--partition-by names _ingestr_loaded_at, which is the same for all rows"));
  PlanFacts whole = companies();
  whole.partition_by = {"created_at"};
  whole.landed.columns = {{"created_at", TypeId::date, false}};
  EXPECT_NO_THROW(make_plan(whole));
  whole.loaded_at.reset();
  EXPECT_THROW(make_plan(whole), Error);
}

PlanFacts into_existing(Strategy strategy) {
  PlanFacts facts = companies();
  facts.strategy = strategy;
  facts.landed.columns.push_back({"size", TypeId::bigint, true});
  facts.existing = Schema{{{"ID", TypeId::varchar, false},
                           {"created_at", TypeId::timestamp_tz, false},
                           {"old", TypeId::bigint, false}}};
  return facts;
}

// The text behind "after the rows, all or nothing:".
std::string after(const PlanFacts& facts) {
  const std::string text = to_text(make_plan(facts));
  return text.substr(text.find("nothing:\n") + 9);
}

PlanFacts of_source_types(PlanFacts facts) {
  facts.loaded_at.reset();
  facts.landed.columns = {{"n", TypeId::varchar, false}, {"doc", TypeId::json, false}, {"host", TypeId::varchar, false}};
  facts.source_types = {{"n", Type::native_of("numeric", true), false},
                        {"doc", Type::native_of("jsonb"), false},
                        {"host", Type::native_of("inet"), false}};
  return facts;
}

TEST(Strategy, ANewTableHasTheSourcesTypes) {
  PlanFacts facts = of_source_types(companies());
  facts.primary_key = {"n"};
  EXPECT_EQ(to_text(make_plan(facts)), R"(before the rows:
  create schema dest
  drop landing tables that dead runs left
  drop table dest._ingestr_landing_companies
  create table dest._ingestr_landing_companies (n VARCHAR, doc JSON, host VARCHAR)
rows land in dest._ingestr_landing_companies
after the rows, all or nothing:
  give columns of dest._ingestr_landing_companies the source's types: n numeric, doc jsonb, host inet
  check that dest._ingestr_landing_companies has no NULL in n
  keep of each n in dest._ingestr_landing_companies the row with the last place
  replace dest.companies by dest._ingestr_landing_companies, keeping constraints, defaults, indexes and comments
)");
  facts.taken = true;
  const Plan plan = make_plan(facts);
  EXPECT_THAT(to_text(plan), HasSubstr("create table dest._ingestr_landing_companies (n numeric, doc jsonb, host inet)"));
  EXPECT_THAT(to_text(plan), Not(HasSubstr("the source's types")));
  EXPECT_EQ(plan.landed.columns[0].type, facts.source_types[0].type);
}

TEST(Strategy, ATableKeepsItsTypesAndNewColumnsHaveTheSources) {
  PlanFacts facts = of_source_types(into_existing(Strategy::delete_insert));
  facts.existing = Schema{{{"n", Type::native_of("numeric", true), false}, {"doc", TypeId::json, false}}};
  facts.incremental_key = "n";
  EXPECT_EQ(after(facts), R"(  give columns of dest._ingestr_landing_companies the source's types: n numeric, host inet
  add column host inet to dest.companies
  check that dest._ingestr_landing_companies has no NULL in n
  delete from dest.companies where n is between the lowest and the highest of dest._ingestr_landing_companies
  insert from dest._ingestr_landing_companies into dest.companies: n, doc, host
  drop table dest._ingestr_landing_companies
)");
  facts.strategy = Strategy::append;
  facts.existing = Schema{{{"n", TypeId::varchar, false}, {"doc", TypeId::json, false}, {"host", Type::native_of("cidr"), false}}};
  EXPECT_EQ(after(facts), R"(  insert from dest._ingestr_landing_companies into dest.companies: n, doc, host as cidr
  drop table dest._ingestr_landing_companies
)");
}

TEST(Strategy, AppendPlan) {
  EXPECT_EQ(after(into_existing(Strategy::append)),
            R"(  decode column size of dest._ingestr_landing_companies as BIGINT
  add column _ingestr_loaded_at to dest._ingestr_landing_companies with 2026-11-24T07:00:00.000000Z
  retype column ID of dest.companies from VARCHAR to JSON
  add column size BIGINT to dest.companies
  add column _ingestr_loaded_at TIMESTAMPTZ to dest.companies
  insert from dest._ingestr_landing_companies into dest.companies: id into ID, created_at, size, _ingestr_loaded_at
  drop table dest._ingestr_landing_companies
)");
}

TEST(Strategy, MergePlan) {
  PlanFacts facts = into_existing(Strategy::merge);
  facts.loaded_at.reset();
  facts.landed.columns[0].type = TypeId::bigint;
  facts.primary_key = {"Id"};
  facts.incremental_key = "created_at";
  facts.predicate = "target.old > 5";
  EXPECT_EQ(after(facts), R"(  decode column size of dest._ingestr_landing_companies as BIGINT
  check that dest._ingestr_landing_companies has no NULL in id
  keep of each id in dest._ingestr_landing_companies the row with the highest created_at, or last place
  add column size BIGINT to dest.companies
  merge from dest._ingestr_landing_companies into dest.companies by ID and (target.old > 5): id as VARCHAR into ID, created_at, size
  drop table dest._ingestr_landing_companies
)");
}

TEST(Strategy, DeleteInsertPlans) {
  PlanFacts facts = into_existing(Strategy::delete_insert);
  facts.loaded_at.reset();
  facts.landed.columns = {{"created_at", TypeId::timestamp_tz, false}};
  facts.incremental_key = "created_at";
  EXPECT_EQ(after(facts), R"(  check that dest._ingestr_landing_companies has no NULL in created_at
  delete from dest.companies where created_at is between the lowest and the highest of dest._ingestr_landing_companies
  insert from dest._ingestr_landing_companies into dest.companies: created_at
  drop table dest._ingestr_landing_companies
)");
  facts.interval_start = SystemTime(std::chrono::sys_days{std::chrono::year{2026} / 1 / 2});
  EXPECT_EQ(after(facts), R"(  check that dest._ingestr_landing_companies has no NULL in created_at
  delete from dest.companies where created_at is from 2026-01-02T00:00:00.000000Z
  delete from dest.companies where created_at is one of dest._ingestr_landing_companies
  insert from dest._ingestr_landing_companies into dest.companies: created_at
  drop table dest._ingestr_landing_companies
)");
}

TEST(Strategy, ReplaceAndFirstRunsByKey) {
  PlanFacts facts = companies();
  facts.loaded_at.reset();
  facts.primary_key = {"id", "created_at", "ID"};
  const std::string keep = R"(  check that dest._ingestr_landing_companies has no NULL in id, created_at
  keep of each id, created_at in dest._ingestr_landing_companies the row with the last place
)";
  const std::string rename = "  rename table dest._ingestr_landing_companies to companies\n";
  EXPECT_THAT(after(facts), StartsWith(keep + "  replace dest.companies by "));
  facts.strategy = Strategy::merge;
  EXPECT_EQ(after(facts), keep + rename);
  facts.strategy = Strategy::append;
  EXPECT_EQ(after(facts), rename);
  facts.strategy = Strategy::delete_insert;
  facts.primary_key.clear();
  facts.incremental_key = "created_at";
  EXPECT_EQ(after(facts), rename);
}

std::string before(const PlanFacts& facts) {
  const std::string text = to_text(make_plan(facts));
  return text.substr(0, text.find("after the rows"));
}

TEST(Strategy, Scd2Plans) {
  PlanFacts facts = into_existing(Strategy::scd2);
  facts.started_at = *facts.loaded_at;
  facts.landed.columns.pop_back();
  facts.primary_key = {"id"};
  facts.existing.reset();
  EXPECT_EQ(after(facts),
            R"(  add columns _scd_valid_from, _scd_valid_to, _scd_is_current to dest._ingestr_landing_companies: current from 2026-11-24T07:00:00.000000Z
  add column _ingestr_loaded_at to dest._ingestr_landing_companies with 2026-11-24T07:00:00.000000Z
  check that dest._ingestr_landing_companies has no NULL in id
  keep of each id in dest._ingestr_landing_companies the row with the last place
  rename table dest._ingestr_landing_companies to companies
)");
  facts.fresh = true;
  EXPECT_THAT(after(facts), HasSubstr("  drop table dest.companies"));
  facts.fresh = false;
  facts.loaded_at.reset();
  facts.existing = Schema{{{"ID", TypeId::json, false},
                           {"created_at", TypeId::timestamp_tz, false},
                           {"old", TypeId::bigint, false},
                           {"_scd_valid_from", TypeId::timestamp_tz, false},
                           {"_scd_valid_to", TypeId::timestamp_tz, false},
                           {"_scd_is_current", TypeId::boolean, false}}};
  const std::string one_each = R"(  check that dest._ingestr_landing_companies has no NULL in id
  keep of each id in dest._ingestr_landing_companies the row with the )";
  const std::string rest =
      R"( in dest._ingestr_landing_companies, at 2026-11-24T07:00:00.000000Z
  insert versions from dest._ingestr_landing_companies into dest.companies where no ID is current, from 2026-11-24T07:00:00.000000Z on: id into ID, created_at; old stay
  drop table dest._ingestr_landing_companies
)";
  const std::string close = "  close versions of dest.companies that, by ID, differ in created_at";
  EXPECT_EQ(after(facts), one_each + "last place\n" + close + " or are not there" + rest);
  facts.partial = true;
  EXPECT_EQ(after(facts), one_each + "last place\n" + close + rest);
  facts.partial = false;
  facts.incremental_key = "created_at";
  EXPECT_EQ(after(facts), one_each + "highest created_at, or last place\n" + close + rest);
}

// Before the rows it makes no difference what the target is.
TEST(Strategy, EveryPlanBeginsAlike) {
  for (const Strategy strategy : {Strategy::replace, Strategy::append, Strategy::merge,
                                  Strategy::delete_insert}) {
    PlanFacts facts = into_existing(strategy);
    facts.primary_key = {"id"};
    facts.incremental_key = "created_at";
    const std::string text = before(facts);
    EXPECT_EQ(text, R"(before the rows:
  create schema dest
  drop landing tables that dead runs left
  drop table dest._ingestr_landing_companies
  create table dest._ingestr_landing_companies (id JSON, created_at TIMESTAMPTZ, size JSON)
rows land in dest._ingestr_landing_companies
)");
    facts.existing.reset();
    EXPECT_EQ(before(facts), text);
  }
}

PlanFacts under(Contract contract) {
  PlanFacts facts = into_existing(Strategy::append);
  facts.contract = contract;
  facts.existing->columns[0].type = TypeId::bigint;  // and JSON comes
  return facts;
}

TEST(Strategy, DiscardingPlans) {
  EXPECT_EQ(after(under(Contract::discard_row)),
            R"(  decode column size of dest._ingestr_landing_companies as BIGINT
  discard rows of dest._ingestr_landing_companies where size has a value or id is no BIGINT; the others have id as BIGINT into ID
  insert from dest._ingestr_landing_companies into dest.companies: id into ID, created_at
  drop table dest._ingestr_landing_companies
)");
  EXPECT_EQ(after(under(Contract::discard_value)),
            R"(  decode column size of dest._ingestr_landing_companies as BIGINT
  discard column size of dest._ingestr_landing_companies
  retype column id of dest._ingestr_landing_companies from JSON to BIGINT, NULL where it does not fit
  insert from dest._ingestr_landing_companies into dest.companies: id into ID, created_at
  drop table dest._ingestr_landing_companies
)");
}

TEST(Strategy, FreezeListsWhatWouldHaveToChange) {
  PlanFacts facts = under(Contract::freeze);
  try {
    make_plan(facts);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(),
                 "--schema-contract freeze: dest.companies would have to change: ID is BIGINT there "
                 "and JSON in the source, size BIGINT is new; accept it with --schema-contract "
                 "evolve, or leave columns out with --sql-exclude-columns");
  }
  facts.existing->columns[0].type = TypeId::json;
  facts.landed.columns[2].type = TypeId::null;  // no value has come: nothing is new
  EXPECT_EQ(after(facts), R"(  decode column size of dest._ingestr_landing_companies as VARCHAR
  insert from dest._ingestr_landing_companies into dest.companies: id into ID, created_at
  drop table dest._ingestr_landing_companies
)");
  facts.strategy = Strategy::replace;  // has no contract
  facts.existing.reset();
  EXPECT_THAT(after(facts), HasSubstr("replace dest.companies by "));
}

TEST(Strategy, AKeyThatAContractLeavesOutIsRefused) {
  PlanFacts facts = under(Contract::discard_value);
  facts.strategy = Strategy::merge;
  facts.primary_key = {"size"};
  EXPECT_THROW(make_plan(facts), Error);
}

TEST(Strategy, PredicatesAreCheckedEarlyWhereThereIsATable) {
  PlanFacts facts = into_existing(Strategy::merge);
  EXPECT_TRUE(early_checks(facts).empty());
  facts.predicate = "target.old > 5";
  const std::vector<Step> checks = early_checks(facts);
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(to_text(checks[0]), "check that rows can be matched by (target.old > 5)");
  EXPECT_EQ(std::get<RequirePredicate>(checks[0]).source.names(),
            (std::vector<std::string>{"ID", "created_at", "old", "size", "_ingestr_loaded_at"}));
  facts.existing.reset();
  EXPECT_TRUE(early_checks(facts).empty());
}

TEST(Strategy, Scd2IntoATableWithoutVersionsIsRefused) {
  PlanFacts facts = into_existing(Strategy::scd2);
  facts.primary_key = {"id"};
  try {
    make_plan(facts);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_STREQ(error.what(),
                 "dest.companies has no column _scd_valid_from, so it was not made by scd2; load into "
                 "another table, or let --full-refresh begin its history anew");
  }
  facts.existing.reset();
  facts.landed.columns.push_back({"_SCD_valid_to", TypeId::date, false});
  EXPECT_THROW(make_plan(facts), Error);
}

TEST(Strategy, KeysAreChecked) {
  const auto fault = [](PlanFacts facts) -> std::string {
    try {
      make_plan(facts);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  PlanFacts facts = companies();
  facts.strategy = Strategy::merge;
  EXPECT_EQ(fault(facts), "merge needs --primary-key, for the source declares none for this table");
  facts.primary_key = {"nope"};
  EXPECT_EQ(fault(facts),
            "--primary-key names nope, which is no column of the table; its columns are id, created_at");
  facts.strategy = Strategy::delete_insert;
  facts.primary_key.clear();
  EXPECT_EQ(fault(facts), "delete+insert needs --incremental-key: the column whose range is replaced");
  facts.incremental_key = "ID";
  EXPECT_EQ(fault(facts),
            "--incremental-key id is JSON; delete+insert needs a number, date or timestamp");
  facts.incremental_key = "created_at";
  facts.existing = Schema{{{"created_at", TypeId::varchar, false}}};
  EXPECT_THAT(fault(facts), HasSubstr("which has another order"));
}

TEST(Strategy, LandingNamesStayShortAndDistinct) {
  EXPECT_EQ(landing_name({"s", "t"}), (TableName{"s", "_ingestr_landing_t"}));
  EXPECT_EQ(landing_name({"", "/data/2024/t.csv"}), (TableName{"", "_ingestr_landing_t.csv"}));
  EXPECT_EQ(landing_name({"s", "a/b"}), (TableName{"s", "_ingestr_landing_a/b"}));
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
  for (const char* name : {"replace", "append", "merge", "delete+insert", "scd2"}) {
    EXPECT_EQ(to_string(parse_strategy(name)), name);
  }
  for (const char* unknown : {"none", "truncate+insert", "upsert", "Replace", ""}) {
    try {
      parse_strategy(unknown);
      FAIL() << unknown;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.what(), HasSubstr("use replace, append, merge, delete+insert or scd2"));
    }
  }
}

}  // namespace
}  // namespace ingestr
