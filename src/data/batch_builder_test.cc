#include "data/batch_builder.h"

#include <gtest/gtest.h>

#include "support/cells.h"

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

}  // namespace
}  // namespace ingestr
