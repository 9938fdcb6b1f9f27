#include "query.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sandbox {
namespace {

using nlohmann::json;

json refusal(std::string_view body, uint64_t max_limit = 0) {
  const auto result = parse_query(body, max_limit);
  return result.refusal ? json::parse(result.refusal->body) : json();
}

TEST(Query, Defaults) {
  for (const char* body : {"", "{}", R"({"something":"else"})", R"({"filter":{},"sorts":[]})"}) {
    const auto result = parse_query(body, 0);
    ASSERT_FALSE(result.refusal) << body;
    EXPECT_EQ(result.query.limit, 500u);
    EXPECT_EQ(result.query.offset, 0u);
    EXPECT_FALSE(result.query.selective());
  }
}

TEST(Query, LimitAndOffset) {
  const auto query = parse_query(R"({"limit":20,"offset":1e3})", 0).query;
  EXPECT_EQ(query.limit, 20u);
  EXPECT_EQ(query.offset, 1000u);
}

TEST(Query, WrongTypesAreNamed) {
  const json error = refusal(R"({"limit":"20"})");
  EXPECT_EQ(error["status_code"], 400);
  EXPECT_EQ(error["code"], "validation_type");
  EXPECT_EQ(
      error["validation_errors"][0],
      json::parse(
          R"({"code":"invalid_type","path":["limit"],"message":"Expected number, received string",)"
          R"("expected":"number","received":"string"})"));
  EXPECT_EQ(refusal("[]")["validation_errors"][0]["received"], "array");
  EXPECT_EQ(refusal("{")["validation_errors"][0]["code"], "invalid_json");
  EXPECT_EQ(refusal(R"({"limit":0})")["validation_errors"][0]["code"], "too_small");
  EXPECT_EQ(refusal(R"({"offset":-1})")["validation_errors"][0]["code"], "too_small");
  EXPECT_EQ(refusal(R"({"limit":1.5})")["validation_errors"][0]["code"], "invalid_type");
  EXPECT_EQ(refusal(R"({"sorts":{}})")["validation_errors"][0]["path"][0], "sorts");
}

TEST(Query, MaxLimit) {
  EXPECT_TRUE(refusal(R"({"limit":500})", 500).is_null());
  EXPECT_EQ(refusal(R"({"limit":501})", 500)["validation_errors"][0]["maximum"], 500);
}

TEST(Query, CreatedWindow) {
  const auto result = parse_query(
      R"({"filter":{"created_at":{"$gte":"2026-01-01T00:00:00.000000000Z","$lt":"2026-01-02T00:00:00Z"}},)"
      R"("sorts":[{"attribute":"created_at","direction":"asc"}]})",
      0);
  ASSERT_FALSE(result.refusal);
  EXPECT_EQ(*result.query.created_until - *result.query.created_from, 86400000);
  EXPECT_EQ(result.query.order, Order::created_ascending);
}

TEST(Query, UnknownFiltersAreNeverIgnored) {
  EXPECT_EQ(refusal(R"({"filter":{"name":"x"}})")["code"], "filter_error");
  EXPECT_EQ(refusal(R"({"filter":{"created_at":{"$gte":"2026-01-01T00:00:00+00:00"}}})")["code"],
            "filter_error");
  EXPECT_EQ(refusal(R"({"filter":{"created_at":{"$gte":"2026-01-01"}}})")["code"], "filter_error");
  EXPECT_EQ(refusal(R"({"filter":{"record_id":{"$gt":"0"}}})")["code"], "filter_error");
  EXPECT_EQ(refusal(R"({"sorts":[{"attribute":"name","direction":"asc"}]})")["code"],
            "filter_error");
}

TEST(MutationOrder, ReadsAndRefuses) {
  const auto order =
      parse_mutation(R"({"object":"companies","op":"delete","position":3,"count":2})");
  EXPECT_TRUE(order.erase);
  EXPECT_EQ(order.position, 3u);
  EXPECT_EQ(order.count, 2u);
  for (const char* body :
       {"", "[]", "{}", R"({"op":"update"})", R"({"op":"insert","position":"x"})"})
    EXPECT_THROW(parse_mutation(body), std::invalid_argument) << body;
}

}  // namespace
}  // namespace sandbox
