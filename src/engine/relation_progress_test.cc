#include "engine/relation_progress.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

struct RelationProgressTest : testing::Test {
  Relation relation;
  duck::Database engine;
  Counters counters;
  std::stop_source stop;
};

TEST_F(RelationProgressTest, RowsAreAddedToThoseThatWereThere) {
  counters.rows = 100;
  RelationProgress taken(relation, engine, counters, stop.get_token());
  taken.count(7);
  EXPECT_EQ(counters.rows, 107U);
  taken.end(9);
  EXPECT_EQ(counters.rows, 109U);
}

TEST_F(RelationProgressTest, WhatPassesIsCountedAndTheEngineSaysHowFarItIs) {
  duck::Connection connection = engine.connect({});
  RelationProgress taken(relation, engine, counters, stop.get_token());
  const auto watch = taken.watch();
  connection.execute("CREATE TABLE t AS SELECT * FROM range(1000) WHERE " + std::string(duck::Database::passing()));
  watch(0.25);
  EXPECT_EQ(counters.rows, 1000U);
  EXPECT_EQ(counters.share, 0.25);
}

TEST_F(RelationProgressTest, AnEstimateServesWhereTheEngineDoesNotKnowAndNeverSaysAll) {
  relation.rows = 200;
  {
    RelationProgress taken(relation, engine, counters, stop.get_token());
    taken.count(50);
    EXPECT_EQ(counters.share, 0.25);
    taken.count(1000);
    EXPECT_EQ(counters.share, 0.99);
  }
  EXPECT_EQ(counters.share, Counters::kUnknownShare);
}

TEST_F(RelationProgressTest, WithoutAnEstimateNothingIsSaid) {
  RelationProgress taken(relation, engine, counters, stop.get_token());
  taken.count(50);
  EXPECT_EQ(counters.share, Counters::kUnknownShare);
}

TEST_F(RelationProgressTest, EndsTheStatementWhenAskedTo) {
  RelationProgress taken(relation, engine, counters, stop.get_token());
  stop.request_stop();
  EXPECT_THROW(taken.count(1), Error);
  EXPECT_THROW(taken.watch()(0.5), Error);
}

}  // namespace
}  // namespace ingestr
