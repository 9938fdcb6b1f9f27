#include "engine/row_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ingestr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TableName kLanding{"dest", "_ingestr_landing_t"};
const TableName kTarget{"dest", "t"};
const CopiedColumn kId{"id", "ID", TypeId::bigint, TypeId::bigint};
const CopiedColumn kName{"name", "NAME", TypeId::varchar, TypeId::varchar};

TEST(RowChange, AMergeInsertsAndUpdatesByItsKey) {
  const auto change = row_change(MergeRows{kLanding, kTarget, {kId, kName}, {"ID"}, ""});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->table, kTarget);
  EXPECT_EQ(change->landing, kLanding);
  EXPECT_THAT(change->columns, ElementsAre(kId, kName));
  EXPECT_THAT(change->key, ElementsAre("ID"));
  EXPECT_EQ(change->found_by, change->key);
  EXPECT_TRUE(change->inserts && change->updates && !change->deletes);
}

TEST(RowChange, ClosedVersionsAreFoundByTheirKeysAndComparedInTheOtherColumns) {
  const auto change = row_change(CloseVersions{kLanding, kTarget, {kId}, {kName}, true, {}});
  ASSERT_TRUE(change);
  EXPECT_THAT(change->columns, ElementsAre(kId, kName));
  EXPECT_THAT(change->key, ElementsAre("ID"));
  EXPECT_EQ(change->found_by, change->key);
  EXPECT_TRUE(!change->inserts && change->updates && !change->deletes);
}

TEST(RowChange, DeletingByValuesLooksForThemAndForNoKey) {
  const auto change = row_change(DeleteLandedValues{kLanding, kTarget, kId});
  ASSERT_TRUE(change);
  EXPECT_THAT(change->key, IsEmpty());
  EXPECT_THAT(change->found_by, ElementsAre("ID"));
  EXPECT_TRUE(!change->inserts && !change->updates && change->deletes);
  EXPECT_FALSE(row_change(DeleteInterval{kTarget, "at", TypeId::date, {}, {}})->landing);
}

TEST(RowChange, WhatChangesLandedRowsOrTablesChangesNoRowsOfATarget) {
  EXPECT_FALSE(row_change(Deduplicate{kLanding, {"id"}, ""}));
  EXPECT_FALSE(row_change(RetypeColumn{kTarget, "ID", TypeId::integer, TypeId::bigint}));
  EXPECT_FALSE(row_change(ReplaceTable{kLanding, kTarget}));
}

TEST(FilledTable, IsThatWhichGetsRows) {
  EXPECT_EQ(filled_table(ReplaceTable{kLanding, kTarget}), kTarget);
  EXPECT_EQ(filled_table(InsertRows{kLanding, kTarget, {kId}}), kTarget);
  EXPECT_FALSE(filled_table(CloseVersions{kLanding, kTarget, {kId}, {}, true, {}}));
}

}  // namespace
}  // namespace ingestr
