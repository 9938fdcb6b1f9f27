#include "destinations/database/sqlite_dialect.h"

#include <gtest/gtest.h>

namespace ingestr::database {
namespace {

using Sql = std::vector<std::string>;

const SqliteDialect kSqlite;
const TableName kLanded{"main", "_ingestr_landing_t"}, kTable{"main", "t"};
const CopiedColumn kKey{"id", "id", TypeId::bigint, TypeId::bigint}, kName{"name", "na\"me", TypeId::varchar, TypeId::varchar};

SystemTime second(int n) { return SystemTime(std::chrono::seconds(n)); }

TEST(SqliteDialect, CreatesAndAdds) {
  EXPECT_EQ(to_sql(CreateTable{kTable, {{{"id", TypeId::bigint, false}, {"d", Type::decimal(9, 2), false}, {"l", Type::list_of(TypeId::date), false}}}},
                   kSqlite),
            Sql{R"(CREATE TABLE "main"."t" ("id" BIGINT, "d" DECIMAL_TEXT(9,2), "l" JSON_TEXT))"});
  EXPECT_EQ(to_sql(AddColumn{kTable, {"at", TypeId::timestamp_tz, false}}, kSqlite), Sql{R"(ALTER TABLE "main"."t" ADD COLUMN "at" TIMESTAMPTZ)"});
}

TEST(SqliteDialect, TimesAreTextsThatRise) {
  EXPECT_EQ(kSqlite.time(second(0), TypeId::timestamp), "'1970-01-01 00:00:00'");
  EXPECT_EQ(kSqlite.time(second(0) + std::chrono::milliseconds(500), TypeId::timestamp_tz), "'1970-01-01 00:00:00.5+00:00'");
  EXPECT_EQ(to_sql(DeleteInterval{kTable, "at", TypeId::timestamp_tz, second(0), second(1)}, kSqlite),
            Sql{R"(DELETE FROM "main"."t" WHERE "at" COLLATE _ingestr_time >= '1970-01-01 00:00:00+00:00' AND "at" COLLATE _ingestr_time <= '1970-01-01 00:00:01+00:00')"});
  EXPECT_EQ(to_sql(DeleteInterval{kTable, "day", TypeId::date, {}, second(1)}, kSqlite),
            Sql{R"(DELETE FROM "main"."t" WHERE "day" COLLATE _ingestr_time <= '1970-01-01 00:00:01')"});
}

TEST(SqliteDialect, DeletesByValue) {
  EXPECT_EQ(kSqlite.delete_range(kTable, {"d", "d", Type::decimal(9, 2), Type::decimal(9, 2)}, "'1.00'", "'10.00'"),
            R"(DELETE FROM "main"."t" WHERE "d" COLLATE _ingestr_decimal BETWEEN '1.00' AND '10.00')");
  EXPECT_EQ(kSqlite.delete_range(kTable, kKey, "1", "2"), R"(DELETE FROM "main"."t" WHERE "id" BETWEEN 1 AND 2)");
  EXPECT_EQ(kSqlite.delete_values({kLanded, kTable, kKey}), Sql{R"(DELETE FROM "main"."t" WHERE "id" IN (SELECT "id" FROM temp._ingestr_rows))"});
}

TEST(SqliteDialect, KeysThatAreTimesAreComparedByTheMoment) {
  EXPECT_EQ(kSqlite.merge({kLanded, kTable, {{"at", "at", TypeId::timestamp, TypeId::timestamp}}, {"at"}, ""})[0],
            "CREATE TEMP TABLE _ingestr_matched AS SELECT DISTINCT source.rowid AS place FROM \"main\".\"t\" AS target, temp._ingestr_rows AS "
            "source WHERE +target.\"at\" COLLATE _ingestr_time = source.\"at\"");
  EXPECT_EQ(kSqlite.indexed("at", TypeId::date, "BINARY"), "\"at\" COLLATE _ingestr_time");
  EXPECT_EQ(kSqlite.indexed("k", TypeId::varchar, "NOCASE"), "\"k\" COLLATE \"NOCASE\"");
}

TEST(SqliteDialect, Merges) {
  EXPECT_EQ(kSqlite.merge({kLanded, kTable, {kKey, kName}, {"id"}, "target.n > 1 -- so"}),
            (Sql{"CREATE TEMP TABLE _ingestr_matched AS SELECT DISTINCT source.rowid AS place FROM \"main\".\"t\" AS target, temp._ingestr_rows AS "
                 "source WHERE target.\"id\" = source.\"id\" AND (\ntarget.n > 1 -- so\n)",
                 "UPDATE \"main\".\"t\" AS target SET \"na\"\"me\" = source.\"na\"\"me\" FROM temp._ingestr_rows AS source WHERE target.\"id\" = "
                 "source.\"id\" AND (\ntarget.n > 1 -- so\n)",
                 "INSERT INTO \"main\".\"t\" (\"id\", \"na\"\"me\") SELECT \"id\", \"na\"\"me\" FROM temp._ingestr_rows AS source WHERE source.rowid "
                 "NOT IN (SELECT place FROM temp._ingestr_matched) ORDER BY source.rowid",
                 "DROP TABLE temp._ingestr_matched"}));
  EXPECT_EQ(kSqlite.merge({kLanded, kTable, {kKey}, {"id"}, ""}).size(), 3U);  // nothing to update
}

TEST(SqliteDialect, Versions) {
  EXPECT_EQ(kSqlite.close_versions({kLanded, kTable, {kKey}, {kName}, true, second(0)}),
            (Sql{R"(UPDATE "main"."t" AS target SET "_scd_valid_to" = '1970-01-01 00:00:00+00:00', "_scd_is_current" = 0 FROM temp._ingestr_rows AS )"
                 R"(source WHERE target."_scd_is_current" AND target."id" = source."id" AND (target."na""me" COLLATE BINARY IS NOT source."na""me"))",
                 R"(UPDATE "main"."t" AS target SET "_scd_valid_to" = '1970-01-01 00:00:00+00:00', "_scd_is_current" = 0 WHERE )"
                 R"(target."_scd_is_current" AND NOT EXISTS (SELECT 1 FROM temp._ingestr_rows AS source WHERE target."id" = source."id"))"}));
  const Sql inserted = kSqlite.insert_versions({kLanded, kTable, {kKey, kName}, {"id"}, {"note"}, second(0)});
  ASSERT_EQ(inserted.size(), 3U);
  EXPECT_EQ(inserted[1],
            R"(INSERT INTO "main"."t" ("id", "na""me", "note", "_scd_valid_from", "_scd_valid_to", "_scd_is_current") SELECT source."id", )"
            R"(source."na""me", target."note", '1970-01-01 00:00:00+00:00', NULL, 1 FROM temp._ingestr_rows AS source LEFT JOIN "main"."t" AS target ON )"
            R"(target."id" = source."id" AND NOT target."_scd_is_current" AND target."_scd_valid_to" = '1970-01-01 00:00:00+00:00' WHERE )"
            R"(source.rowid NOT IN (SELECT place FROM temp._ingestr_matched) ORDER BY source.rowid)");
}

TEST(SqliteDialect, WidensByFunctionsOfTheSession) {
  const auto widened = [](const Type& from, const Type& to) { return kSqlite.converted("x", from, to); };
  EXPECT_EQ(widened(TypeId::bigint, TypeId::double_), "CAST(x AS REAL)");
  EXPECT_EQ(widened(Type::decimal(9, 2), TypeId::double_), "_ingestr_double(x)");
  const std::string text = "CASE typeof(x) WHEN 'integer' THEN CAST(x AS TEXT) WHEN 'real' THEN _ingestr_text(x) ELSE x END";
  EXPECT_EQ(widened(TypeId::bigint, Type::decimal(21, 2)), text + " || '.00'");
  EXPECT_EQ(widened(Type::decimal(9, 2), Type::decimal(38, 4)), text + " || '00'");
  EXPECT_EQ(widened(Type::decimal(9, 0), Type::decimal(38, 1)), text + " || '.0'");
  EXPECT_EQ(widened(TypeId::double_, TypeId::varchar), text);
  EXPECT_EQ(widened(TypeId::date, TypeId::timestamp), "CASE WHEN length(x) = 10 THEN x || ' 00:00:00' ELSE x END");
  EXPECT_EQ(widened(TypeId::varchar, TypeId::json), "CASE WHEN x IS NOT NULL THEN json_quote(" + text + ") END");
  EXPECT_EQ(widened(TypeId::bigint, TypeId::json), text);
  EXPECT_EQ(kSqlite.try_converted("x", TypeId::double_, TypeId::bigint),
            "CASE WHEN x >= -9223372036854775808.0 AND x < 9223372036854775808.0 THEN CAST(x AS INTEGER) END");
}

}  // namespace
}  // namespace ingestr::database
