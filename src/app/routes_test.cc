#include "app/routes.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fault.h"

namespace ingestr {
namespace {

std::vector<std::string> names(const std::vector<std::string>& sources,
                               const TableName& destination) {
  std::vector<std::string> all;
  for (const Route& route : make_routes("*", sources, destination)) {
    all.push_back(route.source + " -> " + to_string(route.destination));
  }
  return all;
}

TEST(Routes, AStarIsTheSourceTablesName) {
  EXPECT_EQ(names({"objects", "records:companies", "record_history:deals:stage"}, {"attio", "*"}),
            (std::vector<std::string>{"objects -> attio.objects",
                                      "records:companies -> attio.records_companies",
                                      "record_history:deals:stage -> "
                                      "attio.record_history_deals_stage"}));
  EXPECT_EQ(names({"records:a.b c"}, {"", "raw_*_v1"}),
            std::vector<std::string>{"records:a.b c -> raw_records_a_b_c_v1"});
  EXPECT_EQ(names({"records:größe"}, {"", "*"}),
            std::vector<std::string>{"records:größe -> records_größe"});
}

TEST(Routes, TheSameNameTwiceIsRefused) {
  EXPECT_EQ(fault_of([] {
              make_routes("*", {"records:a-b", "lists", "records:a_b", "records:A b"}, {"x", "*"});
            }),
            "unsupported: different tables would get the same name: records_a_b (records:a-b, "
            "records:a_b, records:A b); load them one by one, each with a --dest-table of its own");
}

TEST(Routes, NothingToLoad) {
  EXPECT_EQ(fault_of([] { make_routes("records:*", {}, {"", "*"}); }),
            "not_found: nothing to load: the source has no table for records:*; `ingestr tables` "
            "shows what it has and what the credentials may read");
  EXPECT_EQ(fault_of([] { make_routes("rec*", {"rec*"}, {"", "*"}); }),
            "usage: --source-table rec* is no pattern; * alone is every table that the credentials "
            "may read, and a * in the place of a name, as in 'records:*', all tables of a kind");
}

TEST(Routes, ATableMayHaveAStarInItsName) {
  const std::vector<Route> routes = make_routes("*", {"orders", "t*"}, {"", "*"});
  ASSERT_EQ(routes.size(), 2U);
  EXPECT_EQ(routes[1].source, "t*");
  EXPECT_EQ(routes[1].destination.table, "t_");
}

TEST(Queries, BeginWithAColonBehindTheirName) {
  EXPECT_TRUE(is_query("query:SELECT 1"));
  EXPECT_TRUE(is_query("Query:SELECT 1"));
  EXPECT_FALSE(is_query("query"));
  EXPECT_FALSE(is_query("queries"));
}

TEST(Patterns, NeedEachOther) {
  EXPECT_TRUE(is_pattern("*"));
  EXPECT_TRUE(is_pattern("records:*"));
  EXPECT_FALSE(is_pattern("records:companies"));
  EXPECT_EQ(fault_of([] { check_patterns("records:*", {"attio", "*"}); }), "");
  EXPECT_EQ(fault_of([] { check_patterns("objects", {"attio", "objects"}); }), "");
  EXPECT_EQ(fault_of([] { check_patterns("*", {"attio", "all"}); }),
            "usage: --source-table stands for many tables; put a * where each one's name is to "
            "stand, as in 'attio.*', or ./ before a pattern of files that are one table");
  EXPECT_EQ(fault_of([] { check_patterns("objects", {"attio", "*"}); }),
            "usage: a * stands for the names of many tables, but --source-table is one; name one "
            "table, or put a * in both");
  EXPECT_EQ(fault_of([] { check_patterns("*", {"*", "*"}); }),
            "usage: a * stands for a table's name, not for a schema's; write it as in 'attio.*'");
}

}  // namespace
}  // namespace ingestr
