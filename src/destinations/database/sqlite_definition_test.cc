#include "destinations/database/sqlite_definition.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr::database {
namespace {

TEST(SqliteDefinition, ComesApartAndTogether) {
  const SqliteDefinition definition = parse_sqlite_definition(
      "CREATE TABLE \"odd (name\" (id INTEGER PRIMARY KEY, -- a comment, with a comma\n"
      " \"a \"\"b\" VARCHAR(20, 3) COLLATE NOCASE DEFAULT 'x, (y', [c]]d, `e` DOUBLE PRECISION NOT NULL /* , */, f AS (id + 1),"
      " CHECK (id > 0 AND f IN (1, 2)), CONSTRAINT k UNIQUE (\"a \"\"b\", id)) WITHOUT ROWID, STRICT");
  ASSERT_EQ(definition.parts.size(), 7U);
  const auto is = [&](size_t i, const char* name, const char* type, const char* rest) {
    EXPECT_EQ(definition.parts[i].name, name);
    EXPECT_EQ(definition.parts[i].type, type);
    EXPECT_EQ(definition.parts[i].rest, rest);
    EXPECT_EQ(definition.parts[i].is_column, *name != '\0');
  };
  is(0, "id", "INTEGER", "PRIMARY KEY");
  is(1, "a \"b", "VARCHAR(20, 3)", "COLLATE NOCASE DEFAULT 'x, (y'");
  is(2, "c", "]d", "");  // nothing closes a bracket twice
  is(3, "e", "DOUBLE PRECISION", "NOT NULL");
  is(4, "f", "", "AS (id + 1)");
  is(5, "", "", "CHECK (id > 0 AND f IN (1, 2))");
  is(6, "", "", "CONSTRAINT k UNIQUE (\"a \"\"b\", id)");
  EXPECT_EQ(definition.options, "WITHOUT ROWID, STRICT");
}

TEST(SqliteDefinition, IsWrittenForAnotherName) {
  const SqliteDefinition definition = parse_sqlite_definition("CREATE TABLE t(a INT CHECK (a > 0 -- why\n), \"b c\" TEXT, UNIQUE (a))");
  EXPECT_EQ(definition.sql("main.\"x\""), "CREATE TABLE main.\"x\" (a INT CHECK (a > 0 -- why\n)\n, \"b c\" TEXT, UNIQUE (a))");
  EXPECT_THROW(parse_sqlite_definition("CREATE TABLE t(a INT"), Error);
}

TEST(SqliteDefinition, WordsAreNotLookedForInTexts) {
  EXPECT_TRUE(has_sql_word("NOT NULL Check (a > 0)", "check"));
  EXPECT_FALSE(has_sql_word("DEFAULT 'check' /* check */ COLLATE \"check\"", "check"));
}

TEST(SqliteDefinition, WordsInParenthesesAreNotOuterOnes) {
  EXPECT_TRUE(has_outer_sql_word("GENERATED ALWAYS AS (b + 1) STORED", "as"));
  EXPECT_TRUE(has_outer_sql_word("CHECK (a) AS (b)", "as"));
  EXPECT_FALSE(has_outer_sql_word("DEFAULT (CAST(strftime('%s') AS INTEGER))", "as"));
}

}  // namespace
}  // namespace ingestr::database
