#include "destinations/database/mysql_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "destinations/database/mysql_order.h"
#include "destinations/database/mysql_types.h"

namespace ingestr::database {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Sql = std::vector<std::string>;

const MysqlDialect kMysql("utf8mb4_nopad_bin");
const TableName kLandedIn{"dest", "_ingestr_landing_t"}, kInto{"dest", "t"};

CopiedColumn as_it_is(const std::string& name, const Type& type) { return {name, name, type, type}; }

MysqlColumn column_of(const std::string& type, const std::string& comment = "", const std::string& collation = "") {
  MysqlColumn column;
  column.name = "c";
  column.type = type;
  column.comment = comment;
  column.collation = collation;
  return column;
}

TEST(MysqlTypes, OursAreReadBackAsTheyAreWritten) {
  EXPECT_EQ(mysql_type(TypeId::timestamp_tz, "b"), "datetime(6) COMMENT 'UTC'");
  EXPECT_EQ(mysql_type(Type::list_of(TypeId::bigint), "b"), "longtext CHARACTER SET utf8mb4 COLLATE b COMMENT 'JSON'");
  EXPECT_EQ(type_of_mysql(column_of("datetime(6)", "UTC")), Type(TypeId::timestamp_tz));
  EXPECT_EQ(type_of_mysql(column_of("datetime(6)")), Type(TypeId::timestamp));
  EXPECT_EQ(type_of_mysql(column_of("longtext", "JSON")), Type(TypeId::json));
  EXPECT_EQ(type_of_mysql(column_of("longtext", "INTERVAL")), Type(TypeId::interval));
  EXPECT_EQ(type_of_mysql(column_of("char(36)", "", "ascii_bin")), Type(TypeId::uuid));
  EXPECT_EQ(type_of_mysql(column_of("varchar(36)", "UUID", "utf8mb4_general_ci")), Type(TypeId::uuid));
  EXPECT_EQ(type_of_mysql(column_of("decimal(38,10)")), Type::decimal(38, 10));
  EXPECT_EQ(type_of_mysql(column_of("tinyint(1)", "BOOLEAN")), Type(TypeId::boolean));
  for (const TypeId id : {TypeId::smallint, TypeId::integer, TypeId::bigint, TypeId::real, TypeId::double_, TypeId::blob, TypeId::date,
                          TypeId::time, TypeId::timestamp}) {
    const std::string declared = mysql_type(id, "b");
    EXPECT_EQ(type_of_mysql(column_of(declared.substr(0, declared.find(" COMMENT")))), Type(id)) << to_string(Type(id));
  }
}

TEST(MysqlTypes, OfTablesThatOthersMade) {
  EXPECT_EQ(type_of_mysql(column_of("bigint(20)")), Type(TypeId::bigint));
  EXPECT_EQ(type_of_mysql(column_of("varchar(20)", "", "latin1_swedish_ci")), Type(TypeId::varchar));
  EXPECT_EQ(type_of_mysql(column_of("char(36)", "", "utf8mb4_general_ci")), Type(TypeId::varchar));
  EXPECT_EQ(type_of_mysql(column_of("timestamp(3)")), Type(TypeId::timestamp_tz));
  for (const char* none : {"bigint(20) unsigned", "decimal(50,2)", "decimal(9,2) unsigned", "mediumint(9)", "tinyint(4)", "tinyint(1)", "enum('a')", "inet6",
                           "bit(1)", "year(4)", "double(7,2)"}) {
    EXPECT_EQ(type_of_mysql(column_of(none)), std::nullopt) << none;
  }
  EXPECT_TRUE(mangles_text(column_of("bit(1)")));
  EXPECT_TRUE(mangles_text(column_of("double(7,2)")));
  EXPECT_FALSE(mangles_text(column_of("enum('a')")));
}

TEST(MysqlTypes, WhatTheServerWouldChangeWithoutAWord) {
  EXPECT_EQ(misfit_of(column_of("datetime(3)"), "v", TypeId::timestamp), "MICROSECOND(v) % 1000 <> 0");
  EXPECT_EQ(misfit_of(column_of("datetime(6)"), "v", TypeId::timestamp), "");
  EXPECT_EQ(misfit_of(column_of("enum('a','b')"), "v", TypeId::varchar), "v NOT IN ('a','b')");
  EXPECT_EQ(misfit_of(column_of("set('a')"), "v", TypeId::varchar),
            "CAST(v AS BINARY) <> CAST(MAKE_SET(0 | (FIND_IN_SET(CAST('a' AS BINARY), CAST(v AS BINARY)) > 0) << 0, 'a') AS BINARY)");
  EXPECT_EQ(misfit_of(column_of("char(3)"), "v", TypeId::varchar), "v LIKE '% '");
  EXPECT_EQ(misfit_of(column_of("int(10) unsigned"), "v", TypeId::varchar), "v NOT REGEXP '^[+-]?[0-9]+$'");
  EXPECT_EQ(misfit_of(column_of("varchar(3)"), "v", TypeId::varchar), "");
  EXPECT_EQ(room_of(column_of("mediumtext", "", "utf8mb4_general_ci")), 16'777'215U);
  EXPECT_EQ(room_of(column_of("longtext", "", "utf8mb4_general_ci")), std::nullopt);
}

TEST(MysqlDialect, NamesThatMysqlDoesNotHaveAreRefused) {
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "ü";
  EXPECT_EQ(kMysql.identifier("a`b"), "`a``b`");
  EXPECT_EQ(kMysql.identifier(umlauts), "`" + umlauts + "`");
  EXPECT_THROW(kMysql.identifier(umlauts + "x"), Error);
  EXPECT_THROW(kMysql.identifier("😀"), Error);
  EXPECT_THROW(kMysql.identifier(std::string("a\0b", 3)), Error);
}

TEST(MysqlDialect, OnlyLandingTablesThatNeedPlacesHaveThem) {
  const Schema schema{{{"a", TypeId::bigint, false}, {"b", TypeId::date, true}}};
  EXPECT_EQ(to_sql(CreateTable{kLandedIn, schema}, kMysql),
            Sql{"CREATE TABLE `dest`.`_ingestr_landing_t` (`a` bigint, `b` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin COMMENT "
                "'JSON') ENGINE=InnoDB"});
  EXPECT_THAT(to_sql(CreateTable{kLandedIn, schema, true}, kMysql).at(0),
              HasSubstr("`_ingestr_landed_as` bigint NOT NULL AUTO_INCREMENT, KEY (`_ingestr_landed_as`)"));
}

TEST(MysqlDialect, MergeMarksWhatItFinds) {
  const MergeRows step{kLandedIn, kInto, {as_it_is("id", TypeId::bigint), as_it_is("name", TypeId::varchar)}, {"id"}, ""};
  EXPECT_THAT(mysql_statements(step, kMysql),
              ElementsAre("UPDATE `dest`.`t` AS target JOIN `dest`.`_ingestr_landing_t` AS source ON target.`id` = source.`id` SET "
                          "target.`name` = source.`name`, source._ingestr_matched = 1",
                          "INSERT INTO `dest`.`t` (`id`, `name`) SELECT `id`, `name` FROM `dest`.`_ingestr_landing_t` WHERE "
                          "_ingestr_matched IS NULL"));
}

TEST(MysqlDialect, KeysAreToldApartByWhatIsSaid) {
  EXPECT_THAT(kMysql.deduplicate(Deduplicate{kLandedIn, {"id", "text"}, "at"}, {{"text", "SHA2(`text`, 256)"}}),
              HasSubstr("PARTITION BY `id`, SHA2(`text`, 256) ORDER BY `at` DESC, `_ingestr_landed_as` DESC"));
}

TEST(MysqlDialect, TextIsComparedByteByByte) {
  EXPECT_EQ(kMysql.differ("a", "b", TypeId::json), "NOT (CAST(a AS BINARY) <=> CAST(b AS BINARY))");
  EXPECT_EQ(kMysql.differ("a", "b", TypeId::bigint), "NOT (a <=> b)");
}

TEST(MysqlOrder, WhatChangesTheTargetComesLast) {
  const Schema schema{{{"a", TypeId::bigint, false}}};
  const OrderedSteps steps = in_order({DropTable{kLandedIn}, CreateTable{kLandedIn, schema}, AddColumn{kInto, {"a", TypeId::bigint, false}},
                                       RequireExact{kLandedIn, "a", TypeId::bigint, TypeId::double_},
                                       InsertRows{kLandedIn, kInto, {as_it_is("a", TypeId::bigint)}}, DropTable{kLandedIn}});
  EXPECT_EQ(steps.landing.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<RequireExact>(steps.landing.at(2)));
  EXPECT_EQ(steps.widen.size(), 1U);
  EXPECT_EQ(steps.change.size(), 1U);
  EXPECT_EQ(steps.finish.size(), 1U);
}

TEST(MysqlOrder, AColumnThatIsWrittenAnewKeepsItsPlace) {
  MysqlColumn id = column_of("bigint(20)");
  id.name = "id";
  MysqlColumn flag = column_of("tinyint(1)", "BOOLEAN");
  flag.name = "flag";
  const RetypeColumn step{kInto, "flag", TypeId::boolean, TypeId::varchar};
  EXPECT_TRUE(is_written_anew(step));
  const Sql statements = retyping_of({id, flag}, step, MysqlKept{}, kMysql);
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_THAT(statements[1], HasSubstr("SET _ingestr_landing_value = CASE `flag` WHEN 0 THEN 'false'"));
  EXPECT_THAT(statements[2], HasSubstr("DROP COLUMN `flag`, CHANGE COLUMN _ingestr_landing_value `flag` longtext"));
  EXPECT_THAT(statements[2], HasSubstr("NULL AFTER `id`"));
  EXPECT_THAT(retyping_of({id}, RetypeColumn{kInto, "id", TypeId::bigint, Type::decimal(21, 2)}, MysqlKept{false, {"DEFAULT 7"}, {}}, kMysql),
              ElementsAre("ALTER TABLE `dest`.`t` MODIFY COLUMN `id` decimal(21,2) NOT NULL DEFAULT 7"));
}

TEST(MysqlKept, AColumnKeepsWhatItsTypeAllows) {
  MysqlColumn n = column_of("int(11)");
  n.name = "n";
  n.is_nullable = false;
  n.initial = "7";
  n.comment = "it's";
  n.check = "`n` > 0";
  n.extra = "auto_increment, invisible";
  const MysqlKept wider = kept_of(n, "bigint", TypeId::bigint, false, kMysql);
  EXPECT_EQ(wider.sql(), " NOT NULL DEFAULT 7 AUTO_INCREMENT INVISIBLE COMMENT 'it''s' CHECK (`n` > 0)");
  EXPECT_THAT(wider.lost, ElementsAre());
  const MysqlKept json = kept_of(n, kMysql.type(TypeId::json), TypeId::json, false, kMysql);
  EXPECT_EQ(json.sql(), " NOT NULL DEFAULT (7) AUTO_INCREMENT INVISIBLE");
  EXPECT_THAT(json.lost, ElementsAre("n COMMENT 'it''s'", "n CHECK (`n` > 0)"));
}

TEST(MysqlKept, AClockHasTheDigitsOfItsColumn) {
  MysqlColumn at = column_of("timestamp(3)");
  at.name = "at";
  at.comment = "UTC";
  at.initial = "current_timestamp(3)";
  at.extra = "on update current_timestamp(3)";
  EXPECT_EQ(kept_of(at, "datetime(6)", TypeId::timestamp, false, kMysql).sql(), " NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6)");
  EXPECT_EQ(kept_of(at, "date", TypeId::date, false, kMysql).sql(), " NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)");
}

}  // namespace
}  // namespace ingestr::database
