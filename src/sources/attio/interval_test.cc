#include "sources/attio/interval.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "sources/attio/answer.h"

namespace ingestr::attio {
namespace {

using namespace std::chrono_literals;

constexpr SystemTime kStart = std::chrono::sys_days(2026y / 3 / 4) + 9h;
constexpr SystemTime kEnd = std::chrono::sys_days(2026y / 3 / 5);

CreationInterval interval(std::optional<SystemTime> start, std::optional<SystemTime> end) {
  return CreationInterval({.incremental_key = "created_at", .interval_start = start, .interval_end = end});
}

bool holds(const CreationInterval& interval, const std::string& created_at) {
  const Answer answer = parse_answer(fmt::format(R"({{"data":[{{"created_at":{}}}]}})", created_at), "/data");
  return interval.holds(answer.page.rows.at(0));
}

TEST(AttioInterval, AsksForADayMoreOnBothSides) {
  EXPECT_EQ(interval(kStart, kEnd).filter(),
            R"({"created_at":{"$gte":"2026-03-03T09:00:00.000000Z","$lte":"2026-03-06T00:00:00.000000Z"}})");
  EXPECT_EQ(interval(kStart, {}).filter(), R"({"created_at":{"$gte":"2026-03-03T09:00:00.000000Z"}})");
  EXPECT_EQ(interval({}, kEnd).filter(), R"({"created_at":{"$lte":"2026-03-06T00:00:00.000000Z"}})");
  EXPECT_EQ(interval({}, {}).filter(), "");
}

TEST(AttioInterval, StaysInTheYearsThatCanBeWritten) {
  EXPECT_EQ(interval(std::chrono::sys_days(1y / 1 / 1), std::chrono::sys_days(9999y / 12 / 31)).filter(),
            R"({"created_at":{"$gte":"0001-01-01T00:00:00.000000Z","$lte":"9999-12-31T00:00:00.000000Z"}})");
}

TEST(AttioInterval, HoldsWhatItsColumnSaysBoundsIncluded) {
  const CreationInterval both = interval(kStart, kEnd);
  EXPECT_FALSE(holds(both, R"("2026-03-04T08:59:59.999999999Z")"));
  EXPECT_TRUE(holds(both, R"("2026-03-04T09:00:00.000000000Z")"));
  EXPECT_TRUE(holds(both, R"("2026-03-05T00:00:00.000000999Z")")) << "loaded as midnight";
  EXPECT_FALSE(holds(both, R"("2026-03-05T00:00:00.000001000Z")"));
  EXPECT_TRUE(holds(interval(kStart, {}), R"("2126-01-01T00:00:00Z")"));
  EXPECT_TRUE(holds(interval({}, kEnd), R"("1926-01-01T00:00:00Z")"));
}

TEST(AttioInterval, ARowWithoutATimeIsInNoneButTheEndlessOne) {
  EXPECT_FALSE(holds(interval(kStart, {}), "null"));
  EXPECT_TRUE(holds(interval({}, {}), "null"));
  EXPECT_TRUE(holds(interval(kStart, {}), R"("yesterday")")) << "left to who reads the row, and refuses it";
}

}  // namespace
}  // namespace ingestr::attio
