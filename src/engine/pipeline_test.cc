#include "engine/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/batches.h"
#include "support/world.h"

namespace ingestr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A table that the engine reads itself. Its types turn out wrong once, or it is broken.
struct ScannedTable final : Table {
  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest& request) override { provisional = request.provisional; }
  std::optional<Relation> relation(const ReadRequest&) override {
    return Relation{.select = "SELECT " + to_string(spec_.schema.columns[0].type), .schema = spec_.schema, .provisional = provisional};
  }
  void settle_types() override {
    spec_.schema.columns[0].type = TypeId::varchar;
    provisional = false;
  }
  void read(const ReadRequest&, BatchSink&) override { ADD_FAILURE() << "its rows are pushed"; }

  TableSpec spec_{.name = "t", .schema = {{{"a", TypeId::bigint}, {"b", TypeId::date}}}};
  bool provisional = false;
};

// Its second batch has a column more.
struct GrowingTable final : Table {
  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest&) override {}
  void read(const ReadRequest&, BatchSink& rows) override {
    Schema schema{{{"a", TypeId::varchar}}};
    rows.push(batch_of(schema, {{"1"}}));
    schema.columns.push_back({"late", TypeId::varchar});
    rows.push(batch_of(schema, {{"2", "3"}}));
  }

  TableSpec spec_{.name = "t", .grows = true};
};

struct Journal final : Destination {
  struct Sink final : Appender {
    explicit Sink(Journal& journal) : journal_(journal) {}
    void append(Batch) override {}
    void append(const Relation& relation) override {
      journal_.selects.push_back(relation.select);
      if (journal_.failures-- > 0) throw Error(journal_.kind, "it does not fit");
    }
    void finish() override {}
    Journal& journal_;
  };

  std::optional<Schema> describe(const TableName&) override { return std::nullopt; }
  TableName resolve(const TableName& table) const override { return {"main", table.table}; }
  std::unique_ptr<Appender> append(const TableName&, const Schema& schema) override {
    landed.push_back(to_string(schema.columns[0].type));
    return std::make_unique<Sink>(*this);
  }
  void apply(const std::vector<Step>& steps) override {
    for (const Step& step : steps) {
      if (!std::holds_alternative<DropTable>(step)) continue;
      if (++drops == cut_off) throw interrupted();
    }
  }
  void close() override {}
  void check_column(std::string_view name) const override {
    if (name == taken_name) throw Error(ErrorKind::unsupported, "no column can be called so");
  }
  void keep_private() override { is_private = true; }
  bool writes_straight() const override { return straight; }
  void write(const Plan& plan, const Relation& relation) override {
    written.push_back(to_string(plan.landing));
    Sink(*this).append(relation);
  }

  std::string_view taken_name;
  bool straight = false, is_private = false;
  std::vector<std::string> written;
  int failures = 0;
  ErrorKind kind = ErrorKind::bad_data;
  int drops = 0;
  int cut_off = 0;  // which of them a stop does
  std::vector<std::string> selects, landed;
};

class PipelineTest : public testing::Test {
 protected:
  void run() { run_pipeline(job_, table_, destination_, world_.context()); }

  World world_;
  Job job_ = [] {
    Job job;
    job.dest_table = {"", "t"};
    return job;
  }();
  ScannedTable table_;
  Journal destination_;
};

TEST_F(PipelineTest, ARelationIsTakenWhole) {
  run();
  EXPECT_THAT(destination_.selects, ElementsAre("SELECT BIGINT"));
  EXPECT_TRUE(table_.provisional);
}

TEST_F(PipelineTest, ExcludedColumnsAreNotAskedFor) {
  job_.columns.excluded = {"A"};
  run();
  EXPECT_THAT(destination_.selects, ElementsAre("FROM (SELECT c0 FROM (SELECT \"b\" AS c0 FROM (SELECT BIGINT))) AS landed(\"b\")"));
  EXPECT_THAT(destination_.landed, ElementsAre("DATE"));
}

TEST_F(PipelineTest, RowsThatDoNotFitTheTypesOfASampleAreLoadedByTheTypesOfAll) {
  destination_.failures = 1;
  run();
  EXPECT_THAT(destination_.selects, ElementsAre("SELECT BIGINT", "SELECT VARCHAR"));
  EXPECT_THAT(destination_.landed, ElementsAre("BIGINT", "VARCHAR"));
}

TEST_F(PipelineTest, AStopDoesNotKeepALandingTableFromBeingDropped) {
  destination_.failures = 1;
  destination_.kind = ErrorKind::conflict;
  destination_.cut_off = 2;  // the first is of a dead run's
  EXPECT_THROW(run(), Error);
  EXPECT_EQ(destination_.drops, 3);
}

TEST_F(PipelineTest, ADestinationThatCanTakesRowsWithoutALandingTable) {
  destination_.straight = true;
  job_.load_timestamp = false;
  job_.columns.masks = parse_masks({"a:redact"});
  run();
  EXPECT_THAT(destination_.written, ElementsAre("main.t"));
  EXPECT_THAT(destination_.landed, IsEmpty());
  EXPECT_EQ(destination_.drops, 0);
  EXPECT_TRUE(destination_.is_private);
}

TEST_F(PipelineTest, TheLoadTimestampComesWithRowsThatDoNotLand) {
  destination_.straight = true;
  run();
  EXPECT_THAT(destination_.selects, ElementsAre(testing::MatchesRegex(
                                        R"(SELECT \*, CAST\('....-..-..T.*Z' AS TIMESTAMPTZ\) AS "_ingestr_loaded_at" FROM \(SELECT BIGINT\))")));
}

TEST_F(PipelineTest, RowsThatDoNotFitTheTypesOfASampleAreWrittenByTheTypesOfAll) {
  destination_.straight = true;
  job_.load_timestamp = false;
  destination_.failures = 1;
  run();
  EXPECT_THAT(destination_.selects, ElementsAre("SELECT BIGINT", "SELECT VARCHAR"));
  EXPECT_THAT(destination_.landed, IsEmpty());
}

TEST_F(PipelineTest, ANameThatNoColumnCanHaveIsRefusedWheneverItComes) {
  GrowingTable growing;
  for (const std::string_view name : {"a", "late"}) {
    destination_.taken_name = name;
    EXPECT_THROW(run_pipeline(job_, growing, destination_, world_.context()), Error) << name;
  }
  destination_.taken_name = "other";
  EXPECT_NO_THROW(run_pipeline(job_, growing, destination_, world_.context()));
}

TEST_F(PipelineTest, RowsWithAKeyLand) {
  destination_.straight = true;
  job_.primary_key = {"a"};
  run();
  EXPECT_THAT(destination_.written, IsEmpty());
  EXPECT_THAT(destination_.landed, ElementsAre("BIGINT"));
}

TEST_F(PipelineTest, WhatGoesWrongForGoodIsThrown) {
  destination_.failures = 2;
  EXPECT_THROW(run(), Error);
  EXPECT_EQ(destination_.selects.size(), 2U);
}

TEST_F(PipelineTest, OnlyAValueThatDoesNotFitIsTriedAgain) {
  destination_.failures = 1;
  destination_.kind = ErrorKind::unavailable;
  EXPECT_THROW(run(), Error);
  EXPECT_EQ(destination_.selects.size(), 1U);
}

}  // namespace
}  // namespace ingestr
