#include "sql/target_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fault.h"
#include "support/plain_dialect.h"

namespace ingestr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TableName kName{"dest", "t"};

TEST(TargetTable, OnlyTablesTakeRows) {
  EXPECT_TRUE(takes_rows(TableKind::table, kName));
  EXPECT_FALSE(takes_rows(TableKind::nothing, kName));
  const auto of = [](TableKind kind) { return fault_of([&] { takes_rows(kind, kName); }); };
  EXPECT_EQ(of(TableKind::materialized_view),
            "unsupported: dest.t is a view, which takes no rows; name another table with --dest-table, or take the view's place with --full-refresh");
  EXPECT_EQ(of(TableKind::foreign_table), "unsupported: dest.t is a foreign table; name another table with --dest-table");
  EXPECT_EQ(of(TableKind::sequence), "unsupported: dest.t is a sequence; name another table with --dest-table");
  EXPECT_EQ(of(TableKind::index), "unsupported: dest.t is an index; name another table with --dest-table");
  EXPECT_EQ(of(TableKind::type), "unsupported: dest.t is a type; name another table with --dest-table");
  EXPECT_EQ(of(TableKind::other), "unsupported: dest.t is no table; name another table with --dest-table");
}

TEST(TargetTable, TablesAndViewsMakeWay) {
  const PlainDialect dialect;
  const auto sql = [&](TableKind kind) { return drop_sql(kind, kName, dialect); };
  EXPECT_THAT(sql(TableKind::nothing), IsEmpty());
  EXPECT_THAT(sql(TableKind::table), ElementsAre(R"(DROP TABLE "dest"."t")"));
  EXPECT_THAT(sql(TableKind::view), ElementsAre(R"(DROP VIEW "dest"."t")"));
  EXPECT_THAT(sql(TableKind::materialized_view), ElementsAre(R"(DROP MATERIALIZED VIEW "dest"."t")"));
  EXPECT_EQ(fault_of([&] { sql(TableKind::virtual_table); }),
            "unsupported: dest.t is a virtual table, and nothing takes its place; name another table");
  EXPECT_EQ(fault_of([&] { sql(TableKind::sequence); }), "unsupported: dest.t is a sequence, and nothing takes its place; name another table");
}

TEST(TargetTable, NamesThatItCannotHave) {
  EXPECT_EQ(fault_of([] { check_table_name("_ingestr_landing_t"); }),
            "usage: table names that begin with _ingestr_landing_ are for rows on their way; choose another");
  EXPECT_EQ(fault_of([] { check_table_name("landing"); }), "");
  EXPECT_EQ(fault_of([] { check_column_names({{{"a", TypeId::date}, {"B", TypeId::date}, {"A", TypeId::date}}}, "DuckDB"); }),
            "unsupported: the columns \"a\" and \"A\" are one name for DuckDB; leave one out with --sql-exclude-columns");
}

}  // namespace
}  // namespace ingestr
