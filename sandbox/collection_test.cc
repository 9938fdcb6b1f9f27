#include "collection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sandbox {
namespace {

bool ascending(const std::vector<Row>& rows) {
  return std::adjacent_find(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
           return !(a.id < b.id);
         }) == rows.end();
}

std::set<std::string> ids(const std::vector<Row>& rows) {
  std::set<std::string> set;
  for (const Row& row : rows) set.insert(to_text(row.id));
  return set;
}

TEST(Collection, IdsAscendAsTextsAndAreValidVersion4) {
  const auto rows = Collection(1, 20000).all();
  ASSERT_EQ(rows.size(), 20000u);
  EXPECT_TRUE(ascending(rows));
  std::string last;
  for (const Row& row : rows) {
    const std::string text = to_text(row.id);
    EXPECT_LT(last, text);
    EXPECT_EQ(text[14], '4');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
    EXPECT_EQ(parse_uuid(text), row.id);
    last = text;
  }
}

TEST(Collection, SameSeedSameIdsOtherSeedOtherIds) {
  EXPECT_EQ(ids(Collection(7, 100).all()), ids(Collection(7, 100).all()));
  EXPECT_NE(ids(Collection(7, 100).all()), ids(Collection(8, 100).all()));
}

TEST(Collection, IdsAreStableAcrossReleases) {
  EXPECT_EQ(to_text(Collection(1, 1000).all()[500].id), "801cf245-e487-4ff6-a3c2-d8319c879d69");
}

TEST(Collection, PagesCoverAllRowsOnce) {
  Collection rows(1, 1234);
  std::vector<Row> read;
  for (uint64_t offset = 0;; offset += 100) {
    const auto page = rows.page(offset, 100);
    if (page.empty()) break;
    read.insert(read.end(), page.begin(), page.end());
  }
  EXPECT_EQ(read.size(), 1234u);
  EXPECT_TRUE(ascending(read));
  EXPECT_TRUE(rows.page(1234, 500).empty());
  EXPECT_TRUE(rows.page(~0ULL, ~0ULL).empty());
}

TEST(Collection, InsertInServedMovesTheNextPageRight) {
  Collection rows(3, 1000);
  const auto first = rows.page(0, 100);
  const Row fresh = rows.insert_in_served();
  EXPECT_LT(fresh.id, first.back().id);
  const auto second = rows.page(100, 100);
  EXPECT_EQ(second.front().id, first.back().id);
  EXPECT_EQ(rows.size(), 1001u);
  EXPECT_TRUE(ascending(rows.all()));
}

TEST(Collection, EraseInServedMovesTheNextPageLeft) {
  Collection rows(3, 1000), untouched(3, 1000);
  rows.page(0, 100);
  const auto gone = rows.erase_in_served();
  ASSERT_TRUE(gone);
  const auto second = rows.page(100, 100);
  EXPECT_EQ(second.front().id, untouched.page(101, 1).front().id);
  EXPECT_EQ(rows.size(), 999u);
}

TEST(Collection, RowsKeepTheirKeysWhileOthersComeAndGo) {
  Collection rows(3, 10);
  const auto before = rows.all();
  rows.insert_at(0);
  rows.erase_at(5);
  for (const Row& row : rows.all())
    for (const Row& old : before) EXPECT_EQ(row.id == old.id, row.key == old.key);
}

TEST(Collection, ManyChangesStayOrderedAndAreReproducible) {
  const auto play = [] {
    Collection rows(5, 50);
    rows.page(0, 20);
    for (int i = 0; i < 3000; ++i)
      i % 3 == 0 ? (void)rows.erase_in_served() : (void)rows.insert_in_served();
    return rows.all();
  };
  const auto rows = play();
  EXPECT_TRUE(ascending(rows));
  EXPECT_EQ(ids(rows), ids(play()));
  EXPECT_EQ(rows.size(), 50u + 2000u - 1000u);
}

TEST(Collection, AfterAPlaceDoesNotMindWhatGoesBefore) {
  Collection rows(5, 50);
  const auto first = rows.after(std::nullopt, 20);
  EXPECT_EQ(first.rows.size(), 20u);
  EXPECT_TRUE(first.more);
  const uint64_t place = Collection::place(first.rows.back().id);
  const auto before = ids(rows.after(place, 100).rows);
  rows.insert_at(3);
  rows.erase_at(19);
  rows.erase_at(19);
  const auto rest = rows.after(place, 100);
  EXPECT_EQ(ids(rest.rows), before);
  EXPECT_EQ(rest.begin, 19u);
  EXPECT_FALSE(rest.more);
}

TEST(Collection, FindsRowsByTheirIds) {
  Collection rows(5, 300);
  rows.insert_at(7);
  const auto all = rows.all();
  for (uint64_t i = 0; i < all.size(); ++i) {
    const auto found = rows.find(all[i].id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->position, i);
    EXPECT_EQ(found->row.key, all[i].key);
    EXPECT_FALSE(rows.find({all[i].id.high, all[i].id.low ^ 1}));
  }
  EXPECT_FALSE(rows.find({}));
  EXPECT_FALSE(rows.find({~0ULL, 0}));
  EXPECT_FALSE(Collection(5, 0).find(all[0].id));
}

TEST(Collection, EmptyOnesTakeInsertsToo) {
  Collection rows(5, 0);
  EXPECT_FALSE(rows.erase_in_served());
  EXPECT_FALSE(rows.original_id(3));
  rows.insert_in_served();
  EXPECT_EQ(rows.page(0, 10).size(), 1u);
  rows.restore();
  EXPECT_EQ(rows.size(), 0u);
}

}  // namespace
}  // namespace sandbox
