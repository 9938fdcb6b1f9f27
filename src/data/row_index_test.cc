#include "data/row_index.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(RowIndex, RemembersEachRowOnce) {
  RowIndex index;
  EXPECT_EQ(index.find({1, 2}), std::nullopt);
  index.insert({1, 2}, 7);
  index.insert({1, 2}, 8);
  EXPECT_EQ(index.find({1, 2}), 7U);
  EXPECT_EQ(index.find({1, 3}), std::nullopt) << "the same slot, another row";
  EXPECT_EQ(index.size(), 1U);
}

TEST(RowIndex, GrowsWithoutForgetting) {
  RowIndex index;
  for (uint32_t i = 0; i < 100'000; ++i) index.insert({uint64_t{i} << 8, i}, i);  // many share their low bits
  for (uint32_t i = 0; i < 100'000; ++i) ASSERT_EQ(index.find({uint64_t{i} << 8, i}), i);
  EXPECT_EQ(index.find({uint64_t{100'000} << 8, 100'000}), std::nullopt);
}

}  // namespace
}  // namespace ingestr
