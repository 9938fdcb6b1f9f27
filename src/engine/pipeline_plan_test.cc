// What a run makes of a job and of what its source and destination say, before and without rows.
#include "engine/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/batches.h"
#include "support/fault.h"
#include "support/world.h"

namespace ingestr {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FakeTable final : public Table {
 public:
  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest&) override { spec_.schema = schema; }
  void read(const ReadRequest&, BatchSink& rows) override {
    was_read = true;
    if (!cells.empty()) rows.push(batch_of(row_schema, cells));
  }

  TableSpec spec_{.name = "people", .schema = {}, .primary_key = {}, .incremental_key = {}};
  Schema schema;      // that prepare() learns
  Schema row_schema;  // that the rows have
  std::vector<Cells> cells;
  bool was_read = false;
};

class FakeDestination final : public Destination {
 public:
  std::optional<Schema> describe(const TableName&) override { return existing; }
  TableName resolve(const TableName& name) const override { return name; }
  std::unique_ptr<Appender> append(const TableName&, const Schema&) override {
    struct Sink final : Appender {
      explicit Sink(int64_t& count) : rows(count) {}
      void append(Batch batch) override { rows += batch.rows(); }
      void append(const Relation&) override {}
      void finish() override {}
      int64_t& rows;
    };
    return std::make_unique<Sink>(rows);
  }
  void apply(const std::vector<Step>& steps) override {
    for (const Step& step : steps) journal.push_back(to_text(step));
  }
  void close() override {}

  std::optional<Schema> existing;
  std::vector<std::string> journal;
  int64_t rows = 0;
};

const Schema kPeople{{{"id", TypeId::bigint, false}, {"name", TypeId::varchar, false}}};

class PipelinePlan : public testing::Test {
 protected:
  PipelinePlan() { job_.dest_table = {"dest", "people"}; }

  void run() { run_pipeline(job_, table_, destination_, world_.context()); }
  std::string fault() { return fault_of([&] { run(); }); }

  Job job_;
  FakeTable table_;
  FakeDestination destination_;
  World world_;
};

constexpr std::string_view kNoRows =
    "bad_data: the source has no rows, and nothing says which columns they would have; dest.people "
    "is as it was, declare the columns with --columns, or accept that it becomes empty with "
    "--allow-empty";

// H7 of tests/CONTRACT.md: stale rows stayed, and the run was a success.
TEST_F(PipelinePlan, ReplaceByNothingUnknownFails) {
  destination_.existing = kPeople;
  EXPECT_EQ(fault(), kNoRows);
  EXPECT_THAT(destination_.journal, IsEmpty());
  destination_.existing.reset();
  EXPECT_EQ(fault(), kNoRows);
  EXPECT_THAT(destination_.journal, IsEmpty());
}

TEST_F(PipelinePlan, ReplaceByNothingUnknownEmptiesTheTableWhenAllowed) {
  job_.allow_empty = true;
  run();
  EXPECT_THAT(destination_.journal, IsEmpty());  // there is no table, and nothing to make one of
  destination_.existing = kPeople;
  destination_.existing->columns.push_back({"_ingestr_loaded_at", TypeId::timestamp_tz, false});
  run();
  EXPECT_THAT(destination_.journal, Contains("create table dest._ingestr_landing_people (id BIGINT, name VARCHAR)"));
  EXPECT_THAT(destination_.journal.back(), HasSubstr("replace dest.people by dest._ingestr_landing_people"));
}

TEST_F(PipelinePlan, NothingOfAKnownSchemaEmptiesTheTable) {
  table_.schema = kPeople;
  run();
  EXPECT_THAT(destination_.journal.back(), HasSubstr("replace dest.people by dest._ingestr_landing_people"));
}

TEST_F(PipelinePlan, OtherStrategiesHaveNothingToDo) {
  job_.primary_key = {"id"};
  job_.incremental_key = "id";
  for (const Strategy strategy : {Strategy::append, Strategy::merge, Strategy::delete_insert}) {
    SCOPED_TRACE(to_string(strategy));
    job_.strategy = strategy;
    EXPECT_EQ(fault(), "");
    EXPECT_THAT(destination_.journal, IsEmpty());
  }
}

TEST_F(PipelinePlan, DeleteInsertStillDeletesTheInterval) {
  destination_.existing = Schema{{{"at", TypeId::date, false}}};
  job_.strategy = Strategy::delete_insert;
  job_.incremental_key = "at";
  job_.interval_start = SystemTime(std::chrono::sys_days{std::chrono::year{2026} / 1 / 2});
  run();
  EXPECT_THAT(destination_.journal,
              Contains("delete from dest.people where at is from 2026-01-02T00:00:00.000000Z"));
}

TEST_F(PipelinePlan, AHistoryIsNotClosedByNothingUnknown) {
  destination_.existing = kPeople;
  for (const std::string_view name : {kValidFromColumn, kValidToColumn, kIsCurrentColumn})
    destination_.existing->columns.push_back({std::string(name), TypeId::boolean, false});
  job_.strategy = Strategy::scd2;
  job_.primary_key = {"id"};
  EXPECT_EQ(fault(), kNoRows);
  job_.incremental_key = "id";  // then nothing vanishes anyway
  EXPECT_EQ(fault(), "");
  job_.incremental_key.clear();
  job_.allow_empty = true;
  run();
  EXPECT_THAT(destination_.journal, Contains(HasSubstr("close versions of dest.people")));
}

TEST_F(PipelinePlan, ColumnsThatOnlyRowsTellAreTakenFromThem) {
  table_.row_schema = Schema{{{"n", TypeId::bigint, true}}};
  table_.cells = {{"1"}, {"2"}};
  run();
  EXPECT_EQ(destination_.rows, 2);
  EXPECT_THAT(destination_.journal, Contains("create table dest._ingestr_landing_people (n JSON)"));
}

TEST_F(PipelinePlan, APlanReadsNothingAndChangesNothing) {
  table_.schema = kPeople;
  const Plan plan = plan_pipeline(job_, table_, destination_, world_.context());
  EXPECT_EQ(to_string(plan.landing), "dest._ingestr_landing_people");
  EXPECT_FALSE(table_.was_read);
  EXPECT_THAT(destination_.journal, IsEmpty());
  table_.schema = {};
  EXPECT_THROW(plan_pipeline(job_, table_, destination_, world_.context()), Error);
  EXPECT_FALSE(table_.was_read);
}

TEST_F(PipelinePlan, MergeTakesTheKeyThatTheSourceDeclares) {
  table_.schema = kPeople;
  job_.strategy = Strategy::merge;
  EXPECT_EQ(fault(), "usage: merge needs --primary-key, for the source declares none for this table");
  table_.spec_.primary_key = {"id"};
  run();
  EXPECT_THAT(destination_.journal, Contains(HasSubstr("keep of each id in")));
  destination_.journal.clear();
  job_.primary_key = {"name"};
  run();
  EXPECT_THAT(destination_.journal, Contains(HasSubstr("keep of each name in")));
  destination_.journal.clear();
  job_.primary_key.clear();
  job_.strategy = Strategy::replace;  // keeps all rows unless it is told a key
  run();
  EXPECT_THAT(destination_.journal, Not(Contains(HasSubstr("keep of each"))));
}

TEST_F(PipelinePlan, APredicateIsCheckedBeforeTheSourceIsAsked) {
  destination_.existing = kPeople;
  job_.strategy = Strategy::merge;
  job_.primary_key = {"id"};
  job_.incremental_predicate = "target.id > 5";
  table_.schema = Schema{{{"id", TypeId::bigint, false}, {"more", TypeId::bigint, false}}};
  run();
  EXPECT_EQ(destination_.journal.front(), "check that rows can be matched by (target.id > 5)");
}

TEST_F(PipelinePlan, FreezeFailsBeforeTheFirstRow) {
  destination_.existing = Schema{{{"id", TypeId::bigint, false}}};
  table_.schema = kPeople;
  job_.strategy = Strategy::append;
  job_.contract = Contract::freeze;
  EXPECT_THAT(fault(), HasSubstr("name VARCHAR is new"));
  EXPECT_FALSE(table_.was_read);
  EXPECT_THAT(destination_.journal, IsEmpty());
}

}  // namespace
}  // namespace ingestr
