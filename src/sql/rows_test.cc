#include "sql/rows.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/check.h"
#include "support/plain_dialect.h"

namespace ingestr {
namespace {

using Sql = std::vector<std::string>;

const PlainDialect kPlain;
const TableName kLanding{"s", "l"}, kTarget{"s", "t"};
const CopiedColumn kId{"id", "ID", TypeId::bigint, TypeId::varchar};
const CopiedColumn kAt{"at", "at", TypeId::timestamp_tz, TypeId::timestamp_tz};

SystemTime at_second(int second) {
  return SystemTime(std::chrono::seconds(second));
}

TEST(RowsSql, Insert) {
  EXPECT_EQ(to_sql(InsertRows{kLanding, kTarget, {kId, kAt}}, kPlain),
            Sql{R"(INSERT INTO "s"."t" ("ID", "at") SELECT CAST("id" AS VARCHAR), "at" FROM "s"."l")"});
}

TEST(RowsSql, Merge) {
  EXPECT_EQ(to_sql(MergeRows{kLanding, kTarget, {kId, kAt}, {"ID"}, "target.n > 1 -- so"}, kPlain),
            Sql{R"(MERGE INTO "s"."t" AS target USING (SELECT CAST("id" AS VARCHAR) AS "ID", "at" AS "at" )"
                R"(FROM "s"."l") AS source ON target."ID" = source."ID" AND ()"
                "\ntarget.n > 1 -- so\n"
                R"() WHEN MATCHED THEN UPDATE SET "at" = source."at" )"
                R"(WHEN NOT MATCHED THEN INSERT ("ID", "at") VALUES (source."ID", source."at"))"});
  EXPECT_EQ(to_sql(MergeRows{kLanding, kTarget, {kAt}, {"at"}, ""}, kPlain),
            Sql{R"(MERGE INTO "s"."t" AS target USING (SELECT "at" AS "at" FROM "s"."l") AS source )"
                R"(ON target."at" = source."at" WHEN NOT MATCHED THEN INSERT ("at") VALUES (source."at"))"});
}

TEST(RowsSql, Delete) {
  EXPECT_EQ(to_sql(DeleteInterval{kTarget, "at", TypeId::timestamp_tz, at_second(0), at_second(1)}, kPlain),
            Sql{R"(DELETE FROM "s"."t" WHERE "at" >= CAST('1970-01-01T00:00:00.000000Z' AS TIMESTAMPTZ) )"
                R"(AND "at" <= CAST('1970-01-01T00:00:01.000000Z' AS TIMESTAMPTZ))"});
  EXPECT_EQ(to_sql(DeleteInterval{kTarget, "at", TypeId::date, {}, at_second(1)}, kPlain),
            Sql{R"(DELETE FROM "s"."t" WHERE "at" <= CAST('1970-01-01T00:00:01.000000Z' AS TIMESTAMP))"});
  EXPECT_EQ(to_sql(DeleteLandedRange{kLanding, kTarget, kAt}, kPlain),
            Sql{R"(DELETE FROM "s"."t" WHERE "at" BETWEEN (SELECT min("at") FROM "s"."l") AND )"
                R"((SELECT max("at") FROM "s"."l"))"});
  EXPECT_EQ(to_sql(DeleteLandedValues{kLanding, kTarget, kId}, kPlain),
            Sql{R"(DELETE FROM "s"."t" WHERE "ID" IN (SELECT CAST("id" AS VARCHAR) FROM "s"."l"))"});
}

TEST(RowsSql, Columns) {
  EXPECT_EQ(to_sql(AddColumn{kTarget, {"n", TypeId::date, false}}, kPlain),
            Sql{R"(ALTER TABLE "s"."t" ADD COLUMN "n" DATE)"});
  EXPECT_EQ(to_sql(RetypeColumn{kTarget, "n", TypeId::bigint, TypeId::double_}, kPlain),
            Sql{R"(ALTER TABLE "s"."t" ALTER COLUMN "n" SET DATA TYPE DOUBLE USING CAST("n" AS DOUBLE))"});
}

TEST(Checks, AreQuestions) {
  const auto exact = checks_of(RequireExact{kTarget, "n", TypeId::bigint, TypeId::double_}, kPlain);
  ASSERT_EQ(exact.size(), 1U);
  EXPECT_EQ(exact[0].select,
            R"(SELECT count(*) FROM "s"."t" WHERE "n" IS NOT NULL AND )"
            R"(TRY_CAST(CAST("n" AS DOUBLE) AS BIGINT) IS DISTINCT FROM "n")");
  EXPECT_EQ(checks_of(RequireNoNulls{kTarget, {"a", "b"}, "why"}, kPlain).size(), 2U);
  EXPECT_TRUE(checks_of(DropTable{kTarget}, kPlain).empty());
  EXPECT_NO_THROW(exact[0].judge(0));
  try {
    checks_of(RequireNoNulls{kTarget, {"a"}, "so it is"}, kPlain)[0].judge(1200);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(), "1,200 rows have NULL in the column a, which is a key; so it is");
  }
}

}  // namespace
}  // namespace ingestr
