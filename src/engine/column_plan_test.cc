#include "engine/column_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ingestr {
namespace {

// "id->id BIGINT, " for each column that goes into one of the target's as it is.
std::string filled(const ColumnWishes& wishes, const Schema& source, const Schema& target) {
  ColumnPlan plan(wishes, {.source = source, .existing = target});
  std::string text;
  for (const Column& column : source.columns) {
    if (const Column* there = plan.filled_by(column)) text += fmt::format("{}->{} {}, ", column.name, there->name, to_string(there->type));
  }
  return text;
}

TEST(ColumnPlan, WhatIsMaskedOrGivenATypeFillsNoColumnAsItIs) {
  ColumnWishes wishes;
  wishes.overrides = parse_columns("plz::zip,code:varchar");
  wishes.masks = parse_masks({"Mail Address:hash"});
  const Schema source{{{"id", TypeId::bigint}, {"zip", TypeId::bigint}, {"code", TypeId::varchar}, {"mail_address", TypeId::varchar}, {"new", TypeId::date}}};
  const Schema target{{{"id", TypeId::integer}, {"plz", TypeId::varchar}, {"code", TypeId::varchar}, {"mail_address", TypeId::varchar}}};
  EXPECT_EQ(filled(wishes, source, target), "id->id INTEGER, zip->plz VARCHAR, ");
}

TEST(ColumnPlan, AColumnFillsTheOneThatItLandsInAndNoOtherOfASimilarName) {
  const Schema both{{{"ID", TypeId::varchar}, {"id", TypeId::integer}, {"userId", TypeId::double_}, {"user_id", TypeId::bigint}}};
  EXPECT_EQ(filled({}, {{{"id", TypeId::bigint}, {"user_id", TypeId::bigint}}}, both), "id->id INTEGER, user_id->user_id BIGINT, ");
  EXPECT_EQ(filled({}, {{{"user_id", TypeId::bigint}, {"USER_ID", TypeId::varchar}}}, both), "user_id->user_id BIGINT, ");
  EXPECT_EQ(filled({}, {{{"userId", TypeId::bigint}}}, {{{"USER_ID", TypeId::integer}}}), "userId->USER_ID INTEGER, ");
  EXPECT_EQ(filled({}, {{{"user_id", TypeId::bigint}}}, {{{"userId", TypeId::double_}}}), "");
}

}  // namespace
}  // namespace ingestr
