#include "faults.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sandbox {
namespace {

std::string firing(std::string_view trigger, const std::vector<std::string>& lines) {
  Trigger rule(trigger);
  std::string pattern;
  for (const auto& line : lines) pattern += rule.fires(line) ? 'X' : '.';
  return pattern;
}

TEST(Trigger, CountsFromOne) {
  EXPECT_EQ(firing("2", {"a", "a", "a"}), ".X.");
}

TEST(Trigger, Repeats) {
  EXPECT_EQ(firing("2x3", {"a", "a", "a", "a", "a"}), ".XXX.");
}

TEST(Trigger, CountsOnlyWhatContainsTheText) {
  EXPECT_EQ(
      firing("/lists#2", {"GET /v2/lists ", "GET /v2/self ", "GET /v2/lists ", "GET /v2/lists "}),
      "..X.");
  EXPECT_EQ(firing("offset=50;#1x9", {"q offset=500;", "q offset=50;", "q offset=150;"}), ".X.");
}

TEST(Trigger, StartsAgain) {
  Trigger rule("1");
  EXPECT_TRUE(rule.fires("a"));
  EXPECT_FALSE(rule.fires("a"));
  rule.restart();
  EXPECT_TRUE(rule.fires("a"));
}

TEST(Trigger, RefusesNonsense) {
  for (const char* text : {"", "0", "x2", "3x", "-1", "a", "a#", "1.5", "2 "})
    EXPECT_THROW(Trigger{text}, std::invalid_argument) << text;
}

TEST(FaultKind, ReadsAllForms) {
  EXPECT_EQ(parse_fault_kind("429").kind, FaultKind::rate_limited);
  EXPECT_EQ(parse_fault_kind("500").status, 500);
  EXPECT_EQ(parse_fault_kind("503-html").kind, FaultKind::html_error);
  EXPECT_EQ(parse_fault_kind("503-html").status, 503);
  EXPECT_EQ(parse_fault_kind("reset").kind, FaultKind::reset);
  EXPECT_EQ(parse_fault_kind("slow:0.25").seconds, 0.25);
  EXPECT_EQ(parse_fault_kind("stall:2").kind, FaultKind::stall);
  EXPECT_EQ(parse_fault_kind("null-data").body, R"({"data":null})");
  for (const char* text :
       {"", "explode", "99", "700", "slow", "slow:", "slow:-1", "fast:1", "-html"})
    EXPECT_THROW(parse_fault_kind(text), std::invalid_argument) << text;
}

TEST(Script, RulesCountForThemselves) {
  auto script = parse_faults({"500@1", "reset@lists#1"});
  EXPECT_EQ(script.due("GET /v2/self ").size(), 1u);
  const auto due = script.due("GET /v2/lists ");
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due.front().kind, FaultKind::reset);
  EXPECT_TRUE(script.due("GET /v2/lists ").empty());
}

TEST(Script, RefusesUnknownChanges) {
  EXPECT_NO_THROW(parse_mutations({"insert@3", "delete@companies#2x2"}));
  EXPECT_THROW(parse_mutations({"update@3"}), std::invalid_argument);
  EXPECT_THROW(parse_faults({"500"}), std::invalid_argument);
}

TEST(Apply, CutsJsonInHalf) {
  Reply reply;
  reply.body = "0123456789";
  apply(parse_fault_kind("truncated-json"), reply);
  EXPECT_EQ(reply.body, "01234");
  EXPECT_EQ(reply.delivery, Delivery::complete);
}

}  // namespace
}  // namespace sandbox
