#include "engine/wishes.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Wishes, FilledColumnsAreThoseThatTakeValuesAsTheyAre) {
  ColumnWishes wishes;
  wishes.overrides = parse_columns("plz::zip,code:varchar");
  wishes.masks = parse_masks({"Mail Address:hash"});
  const Schema target{{{"id", TypeId::bigint},
                       {"plz", TypeId::varchar},
                       {"code", TypeId::varchar},
                       {"mail_address", TypeId::varchar},
                       {"kind", Type::native_of("mood")},
                       {"extra", TypeId::json}}};
  const std::vector<Column> expected{{"id", TypeId::bigint}, {"zip", TypeId::varchar}, {"kind", Type::native_of("mood")}, {"extra", TypeId::json}};
  EXPECT_EQ(filled_columns(wishes, target), expected);
}

}  // namespace
}  // namespace ingestr
