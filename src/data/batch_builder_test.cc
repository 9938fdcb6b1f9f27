#include "data/batch_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cells.h"
#include "support/fault.h"

namespace ingestr {
namespace {

TEST(BatchBuilder, UnsetCellsAreNullAndTheFirstValueCounts) {
  BatchBuilder builder(Schema{{{"a", TypeId::varchar}, {"b", TypeId::bigint}, {"c", TypeId::boolean}}});
  builder.set_integer(1, 5);
  builder.set_integer(1, 6);
  builder.end_row();
  builder.set_boolean(2, true);
  builder.set_text(0, "x");
  builder.end_row();
  EXPECT_EQ(builder.rows(), 2);
  Batch batch = builder.take();
  EXPECT_EQ(batch.rows(), 2);
  EXPECT_EQ(cells(batch, 0), (Cells{std::nullopt, "x"}));
  EXPECT_EQ(cells(batch, 1), (Cells{"5", std::nullopt}));
  EXPECT_EQ(cells(batch, 2), (Cells{std::nullopt, "1"}));
  EXPECT_EQ(builder.rows(), 0);
}

TEST(BatchBuilder, AColumnAddedInMidBatchIsNullBefore) {
  BatchBuilder builder(Schema{{{"a", TypeId::bigint}}});
  builder.set_integer(0, 1);
  builder.end_row();
  builder.set_integer(0, 2);
  const size_t added = builder.add_column({"b", TypeId::json, true});
  builder.set_text(added, "[2]");
  builder.end_row();
  Batch batch = builder.take();
  EXPECT_EQ(cells(batch, 0), (Cells{"1", "2"}));
  EXPECT_EQ(cells(batch, 1), (Cells{std::nullopt, "[2]"}));
}

TEST(BatchBuilder, AnIntervalWhoseTimeIsTooLongIsRefusedByColumn) {
  constexpr int64_t kLongest = 9'223'372'036'854'775;
  BatchBuilder builder(Schema{{{"i", TypeId::interval}}});
  for (const int64_t micros : {kLongest, -kLongest}) {
    builder.set_interval(0, 0, 0, micros);
    builder.end_row();
  }
  for (const int64_t micros : {kLongest + 1, -kLongest - 1, INT64_MAX, INT64_MIN}) {
    EXPECT_THAT(fault_of([&] { builder.set_interval(0, 1, 2, micros); }), testing::HasSubstr("column i: the time of an interval is of "));
  }
}

TEST(BatchBuilder, DecimalsTakeWhatFitsWithoutLoss) {
  BatchBuilder builder(Schema{{{"d", Type::decimal(19, 4)}}});
  for (const char* text : {"1200.25", "0", "-0.0001", "1e3", "15.00000", "999999999999999.9999", "12.5E-1"}) {
    EXPECT_TRUE(builder.set_decimal(0, text)) << text;
    builder.end_row();
  }
  for (const char* text : {"0.00001", "1000000000000000", "1e300", "1e-300"}) {
    EXPECT_FALSE(builder.set_decimal(0, text)) << text;
  }
  Batch batch = builder.take();
  EXPECT_EQ(cells(batch, 0), (Cells{"12002500", "0", "-1", "10000000", "150000", "9999999999999999999", "12500"}));
}

TEST(BatchBuilder, ListsOfTexts) {
  BatchBuilder builder(Schema{{{"l", Type::list_of(TypeId::varchar)}}});
  builder.set_texts(0, {"a", std::nullopt, "b"});
  builder.end_row();
  builder.end_row();
  builder.set_texts(0, {});
  builder.end_row();
  Batch batch = builder.take();
  EXPECT_EQ(cells(batch, 0), (Cells{"[a, NULL, b]", std::nullopt, "[]"}));
}

}  // namespace
}  // namespace ingestr
