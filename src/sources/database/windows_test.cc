#include "sources/database/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/time.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Plain final : System {
  std::string shown() const override { return "plain"; }
  std::optional<duck::Extension> extension() const override { return std::nullopt; }
  std::vector<std::string> attach() const override { return {}; }
  Error connect_failure(const Error& error) const override { return error; }
  std::string identifier(std::string_view name) const override { return duck::quote_name(name); }
  std::string time(SystemTime time, const Type&) const override { return duck::quote_text(format_iso(time)); }
  std::string time_in_query(SystemTime time, Side) const override { return this->time(time, Type()); }
  std::string scan(const std::string& select) const override { return select; }
  std::vector<ReadColumn> columns(duck::Connection&, const Selection&) const override { return {}; }
  std::string primary_key_query(const TableName&) const override { return ""; }
  std::string tables_query() const override { return ""; }
};

std::vector<std::string> conditions(const Column& column, std::string_view step, WindowBounds bounds, uint64_t connections = 1) {
  return window_conditions(Plain(), column, parse_window_step(step), bounds, connections);
}

const Column kId{"id", TypeId::bigint, false};
const Column kAt{"at", TypeId::timestamp, false};

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Windows, HaveEachValueOnce) {
  EXPECT_THAT(conditions(kId, "10", {1, 25}),
              ElementsAre(R"("id" < 11)", R"("id" >= 11 AND "id" < 21)", R"("id" >= 21)", R"("id" IS NULL)"));
  EXPECT_THAT(conditions(kId, "100", {1, 25}), ElementsAre(R"("id" IS NOT NULL)", R"("id" IS NULL)"));
}

TEST(Windows, OfTime) {
  EXPECT_THAT(conditions(kAt, "12h", {0, 86'399'999'999}),
              ElementsAre(R"("at" < '1970-01-01T12:00:00.000000Z')", R"("at" >= '1970-01-01T12:00:00.000000Z')", R"("at" IS NULL)"));
}

TEST(Windows, EndBetweenYearsOfFourDigits) {
  constexpr int64_t kYear = 31'556'952'000'000;
  EXPECT_THAT(conditions(kAt, "200000w", {-2'100 * kYear, 90'000 * kYear}).front(), HasSubstr(R"("at" < '3834-01-27)"));
  EXPECT_THAT(conditions(kAt, "200000w", {-2'100 * kYear, 90'000 * kYear}), testing::SizeIs(4));
  EXPECT_THAT(conditions(kAt, "auto", {20'000 * kYear, 90'000 * kYear}), ElementsAre(R"("at" IS NOT NULL)", R"("at" IS NULL)"));
}

TEST(Windows, AreFourForEachConnectionByThemselves) {
  EXPECT_EQ(conditions(kId, "", {1, 1'000'000}, 2).size(), 9U);
  EXPECT_EQ(conditions(kId, "auto", {1, 1}, 2).size(), 2U);
}

TEST(Windows, ReachFromTheLeastToTheGreatest) {
  const auto all = conditions(kId, "auto", {INT64_MIN, INT64_MAX});
  EXPECT_THAT(all, ElementsAre(R"("id" < -4611686018427387904)", R"("id" >= -4611686018427387904 AND "id" < 0)",
                               R"("id" >= 0 AND "id" < 4611686018427387904)", R"("id" >= 4611686018427387904)", R"("id" IS NULL)"));
}

TEST(Windows, WithoutBoundsAreOne) { EXPECT_THAT(window_conditions(Plain(), kId, {}, std::nullopt, 4), ElementsAre("")); }

TEST(Windows, TooManyAreRefused) {
  EXPECT_THAT(refusal([] { conditions(kId, "1", {1, 20'000}); }), HasSubstr("more than 10,000 parts"));
}

TEST(Windows, StepsAreNumbersOrTimes) {
  EXPECT_EQ(parse_window_step("50000").number, 50'000);
  EXPECT_EQ(parse_window_step("7d").micros, 604'800'000'000);
  EXPECT_EQ(parse_window_step("1w").micros, 604'800'000'000);
  for (const char* bad : {"0", "-1", "1y", "h", "1hh", "1.5h", "99999999999999999w"}) {
    EXPECT_THAT(refusal([&] { parse_window_step(bad); }), HasSubstr("is no interval; write auto")) << bad;
  }
}

TEST(Windows, AreOfColumnsWithAnOrderOfSteps) {
  const Schema schema{{kId, kAt, {"name", TypeId::varchar, false}}};
  EXPECT_EQ(window_column(schema, "ID", {}).name, "id");
  EXPECT_THAT(refusal([&] { window_column(schema, "nope", {}); }), HasSubstr("its columns are id, at, name"));
  EXPECT_THAT(refusal([&] { window_column(schema, "name", {}); }), HasSubstr("is VARCHAR; name a column of integers"));
  EXPECT_THAT(refusal([&] { window_column(schema, "id", parse_window_step("1h")); }), HasSubstr("must be a whole number"));
  EXPECT_THAT(refusal([&] { window_column(schema, "at", parse_window_step("10")); }), HasSubstr("must be a time"));
}

}  // namespace
}  // namespace ingestr::database
