#include "http/offset_pager.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

// A server with rows in ascending order of key, as the API keeps them.
class Server {
 public:
  explicit Server(uint64_t rows) {
    for (uint64_t i = 0; i < rows; ++i) rows_.insert((i + 1) * 1000);
  }

  Page serve(uint64_t offset, uint64_t limit) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    if (before_) before_(requests_, rows_);
    std::vector<uint64_t> keys(rows_.begin(), rows_.end());
    if (shuffle_ != nullptr) std::shuffle(keys.begin(), keys.end(), *shuffle_);
    Page page;
    const uint64_t end = std::min<uint64_t>(keys.size(), offset + std::min(limit, cap_));
    for (uint64_t i = offset; i < end; ++i) page.rows.push_back({{keys[i], 0}, {}});
    page.body = std::make_unique<std::string>();
    return page;
  }

  std::set<uint64_t>& rows() { return rows_; }
  uint64_t requests() const { return requests_; }
  void cap(uint64_t rows) { cap_ = rows; }
  void before_each(std::function<void(uint64_t, std::set<uint64_t>&)> change) { before_ = std::move(change); }
  void shuffle(std::mt19937_64* random) { shuffle_ = random; }

 private:
  std::mutex mutex_;
  std::set<uint64_t> rows_;
  uint64_t requests_ = 0;
  uint64_t cap_ = UINT64_MAX;
  std::function<void(uint64_t, std::set<uint64_t>&)> before_;
  std::mt19937_64* shuffle_ = nullptr;
};

class WarningLog final : public Logger {
 public:
  bool enabled(LogLevel) const override { return true; }
  void log(LogLevel level, std::string_view) override { warnings += level == LogLevel::warning; }
  int warnings = 0;
};

struct Read {
  std::vector<uint64_t> rows;
  uint64_t duplicates = 0;
  uint64_t mended = 0;
  int warnings = 0;
};

Read read_all(Server& server, uint64_t page_size, size_t ahead = 4) {
  Counters counters;
  WarningLog log;
  WorkerPool pool(ahead);
  OffsetPager pager({"test", page_size, ahead, 1 << 30},
                    [&](uint64_t offset, uint64_t limit, const std::stop_token&) { return server.serve(offset, limit); },
                    pool, counters, log);
  Read read;
  while (auto page = pager.next()) {
    for (const PageRow& row : page->rows) read.rows.push_back(row.key.low);
  }
  EXPECT_FALSE(pager.next()) << "the end must stay the end";
  read.duplicates = counters.duplicates;
  read.mended = counters.mended;
  read.warnings = log.warnings;
  return read;
}

std::vector<uint64_t> in_order(const std::set<uint64_t>& rows) { return {rows.begin(), rows.end()}; }

TEST(OffsetPager, ReadsTablesOfAllSizes) {
  for (const uint64_t rows : {0, 1, 2, 3, 9, 10, 11, 19, 20, 21, 100, 1003}) {
    Server server(rows);
    const Read read = read_all(server, 10);
    EXPECT_EQ(read.rows, in_order(server.rows())) << rows;
    EXPECT_EQ(read.duplicates, 0U);
    EXPECT_EQ(read.mended, 0U);
  }
}

TEST(OffsetPager, ATableOfOnePageCostsTwoRequestsAnEmptyOneOne) {
  Server empty(0);
  read_all(empty, 500, 32);
  EXPECT_EQ(empty.requests(), 1U);
  for (const uint64_t rows : {1, 2, 499}) {
    Server server(rows);
    read_all(server, 500, 32);
    EXPECT_EQ(server.requests(), 2U) << rows;
  }
}

TEST(OffsetPager, AServerThatCapsPagesLosesNothing) {
  for (const uint64_t cap : {1, 2, 3, 100}) {
    Server server(1001);
    server.cap(cap);
    EXPECT_EQ(read_all(server, 500).rows, in_order(server.rows())) << cap;
  }
}

TEST(OffsetPager, PagesOfASingleRowWork) {
  Server server(7);
  EXPECT_EQ(read_all(server, 1).rows, in_order(server.rows()));
}

TEST(OffsetPager, ARowInsertedBeforeTheSeamIsServedAgainAndKeptOnce) {
  Server server(100);
  server.before_each([](uint64_t request, std::set<uint64_t>& rows) {
    if (request == 3) rows.insert(1);
  });
  const Read read = read_all(server, 10, 1);
  std::vector<uint64_t> expected = in_order(server.rows());
  expected.erase(expected.begin());  // it came into a page that had been read
  EXPECT_EQ(read.rows, expected);
  EXPECT_EQ(read.duplicates, 1U);
  EXPECT_EQ(read.mended, 1U);
}

TEST(OffsetPager, RowsDeletedBeforeTheSeamDoNotHideOthers) {
  Server server(100);
  server.before_each([](uint64_t request, std::set<uint64_t>& rows) {
    if (request == 3) rows.erase(rows.begin(), std::next(rows.begin(), 15));
  });
  const Read read = read_all(server, 10, 1);
  std::vector<uint64_t> rest(read.rows.begin(), read.rows.end());
  EXPECT_TRUE(std::includes(rest.begin(), rest.end(), server.rows().begin(), server.rows().end()));
  EXPECT_EQ(read.mended, 1U);
}

TEST(OffsetPager, ATableThatIsEmptiedMeanwhileEnds) {
  Server server(100);
  server.before_each([](uint64_t request, std::set<uint64_t>& rows) {
    if (request == 4) rows.clear();
  });
  const Read read = read_all(server, 10, 1);
  EXPECT_EQ(std::set<uint64_t>(read.rows.begin(), read.rows.end()).size(), read.rows.size());
}

// What must hold whatever happens: every row that existed throughout is there, each row once, and none that never was.
TEST(OffsetPager, SeededSchedulesOfInsertsAndDeletes) {
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    std::mt19937_64 random(seed);
    Server server(random() % 300);
    std::set<uint64_t> throughout = server.rows();
    std::set<uint64_t> ever = throughout;
    const uint64_t share = 1 + random() % 4;
    server.before_each([&](uint64_t, std::set<uint64_t>& rows) {
      if (random() % 4 >= share) return;
      for (uint64_t i = random() % 8; i > 0; --i) {
        const uint64_t key = 1 + random() % 310'000;
        if (random() % 2 == 0) {
          rows.insert(key);
          ever.insert(key);
        } else if (auto at = rows.lower_bound(key); at != rows.end()) {
          throughout.erase(*at);
          rows.erase(at);
        }
      }
    });
    if (random() % 3 == 0) server.cap(5 + random() % 10);
    const Read read = read_all(server, 2 + random() % 30, 1 + random() % 6);
    const std::set<uint64_t> got(read.rows.begin(), read.rows.end());
    EXPECT_EQ(got.size(), read.rows.size()) << "a row came twice, seed " << seed;
    EXPECT_TRUE(std::includes(got.begin(), got.end(), throughout.begin(), throughout.end())) << "seed " << seed;
    EXPECT_TRUE(std::includes(ever.begin(), ever.end(), got.begin(), got.end())) << "seed " << seed;
    EXPECT_EQ(read.warnings, 0) << "seed " << seed;
  }
}

TEST(OffsetPager, AnUnstableOrderIsSaidAndReadSerially) {
  std::mt19937_64 random(1);
  Server server(50);
  server.shuffle(&random);
  const Read read = read_all(server, 30, 2);
  EXPECT_EQ(read.warnings, 1);
  EXPECT_EQ(std::set<uint64_t>(read.rows.begin(), read.rows.end()).size(), read.rows.size()) << "each once";
}

TEST(OffsetPager, AServerThatIgnoresTheOffsetIsAnError) {
  Counters counters;
  NullLogger log;
  WorkerPool pool(1);
  OffsetPager pager({"test", 3, 1, 1 << 30},
                    [](uint64_t, uint64_t, const std::stop_token&) {
                      Page page;
                      for (uint64_t i = 1; i <= 3; ++i) page.rows.push_back({{i, 0}, {}});
                      return page;
                    },
                    pool, counters, log);
  EXPECT_EQ(pager.next()->rows.size(), 3U);
  EXPECT_THROW(pager.next(), Error);
}

TEST(OffsetPager, AFailureOfTheFetchComesOut) {
  Counters counters;
  NullLogger log;
  WorkerPool pool(1);
  OffsetPager pager({"test", 3, 1, 1 << 30},
                    [](uint64_t, uint64_t, const std::stop_token&) -> Page { throw Error(ErrorKind::unavailable, "gone"); },
                    pool, counters, log);
  EXPECT_THROW(pager.next(), Error);
}

TEST(OffsetPager, SaysWhichPagesNobodyWantsAnyMore) {
  Counters counters;
  NullLogger log;
  Server server(200);
  std::mutex mutex;
  std::vector<std::stop_token> behind_the_end;
  WorkerPool pool(8);
  OffsetPager pager({"test", 10, 8, 1 << 30},
                    [&](uint64_t offset, uint64_t limit, std::stop_token unwanted) {
                      const std::lock_guard lock(mutex);
                      if (offset >= 200) behind_the_end.push_back(std::move(unwanted));
                      return server.serve(offset, limit);
                    },
                    pool, counters, log);
  while (pager.next()) {
  }
  const std::lock_guard lock(mutex);
  for (const std::stop_token& unwanted : behind_the_end) EXPECT_TRUE(unwanted.stop_requested());
}

TEST(OffsetPager, ARateLimitHalvesTheWindow) {
  // With a window that only ever doubles, 4,000 rows would be asked for far ahead of where the reader stands.
  Counters counters;
  NullLogger log;
  Server server(4000);
  WorkerPool pool(1);
  OffsetPager pager({"test", 10, 32, 1 << 30},
                    [&](uint64_t offset, uint64_t limit, const std::stop_token&) {
                      ++counters.rate_limits;
                      return server.serve(offset, limit);
                    },
                    pool, counters, log);
  for (int i = 0; i < 50; ++i) pager.next();
  EXPECT_LE(server.requests(), 52U);
}

}  // namespace
}  // namespace ingestr
