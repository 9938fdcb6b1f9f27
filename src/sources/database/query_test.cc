#include "sources/database/query.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"
#include "base/time.h"

namespace ingestr::database {
namespace {

class PlainSystem final : public System {
 public:
  std::string shown() const override { return ""; }
  std::optional<duck::Extension> extension() const override { return std::nullopt; }
  std::vector<std::string> attach() const override { return {}; }
  Error connect_failure(const Error& error) const override { return error; }
  std::string identifier(std::string_view name) const override { return std::string(name); }
  std::string time(SystemTime time, const Type&) const override { return "<" + format_iso(time).substr(0, 10) + ">"; }
  std::string scan(const std::string& select) const override { return select; }
  std::vector<ReadColumn> columns(duck::Connection&, const Selection&) const override { return {}; }
  std::string primary_key_query(const TableName&) const override { return ""; }
  std::string tables_query() const override { return ""; }
};

std::string filled(const std::string& query, bool with_start = true, bool with_end = true) {
  ReadRequest request;
  const SystemTime day{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
  if (with_start) request.interval_start = day;
  if (with_end) request.interval_end = day + std::chrono::hours(24);
  try {
    return with_interval(query, request, PlainSystem());
  } catch (const Error& error) {
    return "usage: " + std::string(error.what());
  }
}

TEST(DatabaseQuery, WhatIsAQuery) {
  EXPECT_EQ(query_text("public.events"), std::nullopt);
  EXPECT_EQ(query_text("query"), std::nullopt);
  EXPECT_EQ(query_text("query: SELECT 1 ; ;\n"), "SELECT 1");
  EXPECT_EQ(query_text("Query:SELECT ';'"), "SELECT ';'");
  EXPECT_THROW(query_text("query: ;"), Error);
}

TEST(DatabaseQuery, PlaceholdersBecomeLiterals) {
  EXPECT_EQ(filled("a >= :interval_start AND a<:interval_end"), "a >= <2026-01-31> AND a<<2026-02-01>");
  EXPECT_EQ(filled("(:interval_start)", true, false), "(<2026-01-31>)");
}

TEST(DatabaseQuery, OnlyWholeWordsOutsideQuotes) {
  EXPECT_EQ(filled("SELECT ':interval_start', \":interval_end\", `:interval_end`, x::interval_start, :interval_started", false, false),
            "SELECT ':interval_start', \":interval_end\", `:interval_end`, x::interval_start, :interval_started");
  EXPECT_EQ(filled("SELECT 'it''s :interval_end' WHERE a > :interval_start"), "SELECT 'it''s :interval_end' WHERE a > <2026-01-31>");
}

TEST(DatabaseQuery, OneWithoutTheOther) {
  EXPECT_EQ(filled("a > :interval_end", true, false),
            "usage: the query has :interval_start or :interval_end; give --interval-start and --interval-end");
  EXPECT_EQ(filled("SELECT 1"),
            "usage: an interval is given and the query does not use it; compare a column with :interval_start and :interval_end");
  EXPECT_EQ(filled("SELECT 1", false, false), "SELECT 1");
}

}  // namespace
}  // namespace ingestr::database
