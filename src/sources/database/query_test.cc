#include "sources/database/query.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"
#include "base/time.h"

namespace ingestr::database {
namespace {

class PlainSystem final : public System {
 public:
  explicit PlainSystem(SqlFamily family) : family_(family) {}
  SqlFamily family() const override { return family_; }
  std::string shown() const override { return ""; }
  std::optional<duck::Extension> extension() const override { return std::nullopt; }
  std::vector<std::string> attach() const override { return {}; }
  Error connect_failure(const Error& error) const override { return error; }
  std::string identifier(std::string_view name) const override { return std::string(name); }
  std::string time(SystemTime time, const Type&) const override { return "<" + format_iso(time).substr(0, 10) + ">"; }
  std::string time_in_query(SystemTime time, Side side) const override {
    const std::string literal = this->time(time, Type());
    return side == Side::none ? literal : (side == Side::least ? "least" : "greatest") + literal;
  }
  std::string scan(const std::string& select) const override { return select; }
  std::vector<ReadColumn> columns(duck::Connection&, const Selection&) const override { return {}; }
  std::string primary_key_query(const TableName&) const override { return ""; }
  std::string tables_query() const override { return ""; }

 private:
  SqlFamily family_;
};

std::string with_sides(const std::string& query, bool with_start = true, bool with_end = true, SqlFamily family = SqlFamily::plain) {
  ReadRequest request;
  const SystemTime day{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
  if (with_start) request.interval_start = day;
  if (with_end) request.interval_end = day + std::chrono::hours(24);
  try {
    return with_interval(query, request, PlainSystem(family));
  } catch (const Error& error) {
    return "usage: " + std::string(error.what());
  }
}

// Without the sides.
std::string filled(const std::string& query, bool with_start = true, bool with_end = true, SqlFamily family = SqlFamily::plain) {
  std::string text = with_sides(query, with_start, with_end, family);
  for (const std::string_view side : {"least<", "greatest<"}) {
    for (size_t at; (at = text.find(side)) != std::string::npos;) text.erase(at, side.size() - 1);
  }
  return text;
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

TEST(DatabaseQuery, ASideIsWhatTheComparisonSays) {
  EXPECT_EQ(with_sides("a >= :interval_start AND a<:interval_end"), "a >= least<2026-01-31> AND a<least<2026-02-01>");
  EXPECT_EQ(with_sides("a > :interval_start AND a <=:interval_end"), "a > greatest<2026-01-31> AND a <=greatest<2026-02-01>");
  EXPECT_EQ(with_sides(":interval_start <= a AND :interval_end> a"), "least<2026-01-31> <= a AND least<2026-02-01>> a");
  EXPECT_EQ(with_sides(":interval_start < a AND :interval_end >= a"), "greatest<2026-01-31> < a AND greatest<2026-02-01> >= a");
  EXPECT_EQ(with_sides(":interval_start /**/ <= a"), "least<2026-01-31> /**/ <= a");
  EXPECT_EQ(with_sides("a >= -- from\n/* */ :interval_start"), "a >= -- from\n/* */ least<2026-01-31>");
}

TEST(DatabaseQuery, ARangeHasBothSides) {
  EXPECT_EQ(with_sides("b AND a Between :interval_start and :interval_end AND c"), "b AND a Between least<2026-01-31> and greatest<2026-02-01> AND c");
  EXPECT_EQ(with_sides("a BETWEEN (SELECT b FROM t WHERE c AND d) AND :interval_end"), "a BETWEEN (SELECT b FROM t WHERE c AND d) AND greatest<2026-02-01>");
  EXPECT_EQ(with_sides("(a BETWEEN 1 AND 2) AND :interval_end"), "(a BETWEEN 1 AND 2) AND <2026-02-01>");
}

TEST(DatabaseQuery, ElsewhereAMomentHasNoSide) {
  for (const std::string at : {"a = ", "a <> ", "a <=> ", "a >= f(", "a ->> ", "a << ", "a >= 1 + ", "SELECT ", "a IN ("}) {
    EXPECT_EQ(with_sides(at + ":interval_start"), at + "<2026-01-31>");
  }
  EXPECT_EQ(with_sides("a >= :interval_start || 'x'"), "a >= <2026-01-31> || 'x'");
}

TEST(DatabaseQuery, OnlyWholeWordsOutsideQuotes) {
  EXPECT_EQ(filled("SELECT ':interval_start', \":interval_end\", `:interval_end`, x::interval_start, :interval_started", false, false),
            "SELECT ':interval_start', \":interval_end\", `:interval_end`, x::interval_start, :interval_started");
  EXPECT_EQ(filled("SELECT 'it''s :interval_end' WHERE a > :interval_start"), "SELECT 'it''s :interval_end' WHERE a > <2026-01-31>");
}

TEST(DatabaseQuery, ACastMayStandBehind) {
  EXPECT_EQ(filled("a >= :interval_start::timestamp AND a < :interval_end::date"), "a >= <2026-01-31>::timestamp AND a < <2026-02-01>::date");
  EXPECT_EQ(filled("a::interval_end, b[1:interval_end], ü:interval_end", false, false), "a::interval_end, b[1:interval_end], ü:interval_end");
}

TEST(DatabaseQuery, CommentsAreNotLookedAt) {
  EXPECT_EQ(filled("SELECT 1 -- don't :interval_end\nWHERE a > :interval_start"), "SELECT 1 -- don't :interval_end\nWHERE a > <2026-01-31>");
  EXPECT_EQ(filled("/* isn't :interval_end */ :interval_start -- it's"), "/* isn't :interval_end */ <2026-01-31> -- it's");
  EXPECT_EQ(filled("/* a /* b */ :interval_start"), "/* a /* b */ <2026-01-31>");
  EXPECT_EQ(filled("5 - -1 / 2 * :interval_start"), "5 - -1 / 2 * <2026-01-31>");
}

std::string filled_by(SqlFamily family, const std::string& query) { return filled(query, true, false, family); }

TEST(DatabaseQuery, WhatPostgresHasBesides) {
  const auto postgres = [](const std::string& query) { return filled_by(SqlFamily::postgres, query); };
  EXPECT_EQ(postgres("/* a /* b */ :interval_end */ :interval_start"), "/* a /* b */ :interval_end */ <2026-01-31>");
  EXPECT_EQ(postgres(R"(E'it\'s' || ':interval_end' || :interval_start)"), R"(E'it\'s' || ':interval_end' || <2026-01-31>)");
  EXPECT_EQ(postgres(R"('\' || :interval_start)"), R"('\' || <2026-01-31>)");
  EXPECT_EQ(postgres(R"(DATE'\' || :interval_start)"), R"(DATE'\' || <2026-01-31>)");
  EXPECT_EQ(postgres("$$don't :interval_end$$ || $a$ $$ :interval_end' $a$ || :interval_start"),
            "$$don't :interval_end$$ || $a$ $$ :interval_end' $a$ || <2026-01-31>");
  EXPECT_EQ(postgres("a$b$ || $1 || :interval_start"), "a$b$ || $1 || <2026-01-31>");
}

TEST(DatabaseQuery, WhatMysqlHasBesides) {
  const auto mysql = [](const std::string& query) { return filled_by(SqlFamily::mysql, query); };
  EXPECT_EQ(mysql(R"('it\'s :interval_end' "\" :interval_end" `\` :interval_start)"), R"('it\'s :interval_end' "\" :interval_end" `\` <2026-01-31>)");
  EXPECT_EQ(mysql("# don't\n5--:interval_start -- don't\n"), "# don't\n5--<2026-01-31> -- don't\n");
  EXPECT_EQ(mysql("/*!50000 :interval_start */ /*M! :interval_start */ /*+ :interval_end */"),
            "/*!50000 <2026-01-31> */ /*M! <2026-01-31> */ /*+ :interval_end */");
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
