#include "sql/dialect.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/plain_dialect.h"

namespace ingestr {
namespace {

using Sql = std::vector<std::string>;

// A database that quotes like MySQL and has no schemas.
class BackquoteDialect final : public Dialect {
 public:
  std::string identifier(std::string_view name) const override {
    return "`" + std::string(name) + "`";
  }
  std::string type(const Type& type) const override {
    return type.id == TypeId::null ? "TEXT" : to_string(type);
  }
  std::vector<std::string> decode(const DecodeColumn& step) const override {
    return {"DECODE " + table(step.table) + " " + identifier(step.column) + " " + type(step.type)};
  }
};

TEST(Dialect, QuotesNamesAndTexts) {
  const PlainDialect dialect;
  EXPECT_EQ(dialect.identifier("select"), "\"select\"");
  EXPECT_EQ(dialect.identifier("a\"b.c ü"), "\"a\"\"b.c ü\"");
  EXPECT_EQ(dialect.table({"my schema", "my.table"}), "\"my schema\".\"my.table\"");
  EXPECT_EQ(dialect.table({"", "t"}), "\"t\"");
  EXPECT_EQ(dialect.text("it's"), "'it''s'");
  EXPECT_THROW(dialect.identifier(""), Error);
  EXPECT_THROW(dialect.identifier(std::string_view("a\0b", 3)), Error);
  EXPECT_THROW(dialect.text(std::string_view("a\0b", 3)), Error);
}

TEST(Dialect, WritesEachStep) {
  const BackquoteDialect dialect;
  const TableName table{"s", "t"};
  EXPECT_EQ(to_sql(CreateSchema{"s"}, dialect), Sql{"CREATE SCHEMA IF NOT EXISTS `s`"});
  EXPECT_EQ(to_sql(DropLandings{}, dialect), Sql{});
  EXPECT_EQ(to_sql(CreateTable{table,
                               {{{"a", TypeId::bigint, false},
                                 {"b", TypeId::bigint, true},
                                 {"c", TypeId::null, false}}}},
                   dialect),
            Sql{"CREATE TABLE `s`.`t` (`a` BIGINT, `b` JSON, `c` TEXT)"});
  EXPECT_EQ(to_sql(DropTable{table}, dialect), Sql{"DROP TABLE IF EXISTS `s`.`t`"});
  EXPECT_EQ(to_sql(ReplaceTable{{"s", "l"}, table}, dialect),
            (Sql{"DROP TABLE IF EXISTS `s`.`t`", "ALTER TABLE `s`.`l` RENAME TO `t`"}));
  EXPECT_EQ(to_sql(RenameTable{table, "u"}, dialect), Sql{"ALTER TABLE `s`.`t` RENAME TO `u`"});
  EXPECT_EQ(to_sql(DecodeColumn{table, "b", TypeId::bigint}, dialect),
            Sql{"DECODE `s`.`t` `b` BIGINT"});
  EXPECT_EQ(to_sql(AddLoadTimestamp{table, "l", SystemTime(std::chrono::microseconds(1'500'000))},
                   dialect),
            (Sql{"ALTER TABLE `s`.`t` ADD COLUMN `l` TIMESTAMPTZ DEFAULT "
                 "CAST('1970-01-01T00:00:01.500000Z' AS TIMESTAMPTZ)",
                 "ALTER TABLE `s`.`t` ALTER COLUMN `l` DROP DEFAULT"}));
  EXPECT_EQ(to_sql(RestoreTypes{table, {{"a", TypeId::varchar, Type::native_of("inet")}, {"b", TypeId::json, Type::native_of("jsonb")}}}, dialect),
            Sql{"ALTER TABLE `s`.`t` ALTER COLUMN `a` SET DATA TYPE inet USING CAST(`a` AS inet), "
                "ALTER COLUMN `b` SET DATA TYPE jsonb USING CAST(`b` AS jsonb)"});
  EXPECT_EQ(add_column_sql(table, {"n", TypeId::date, true}, dialect),
            "ALTER TABLE `s`.`t` ADD COLUMN `n` JSON");
  EXPECT_THROW(to_sql(CreateTable{table, {}}, dialect), Error);
}

}  // namespace
}  // namespace ingestr
