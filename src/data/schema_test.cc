#include "data/schema.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

TEST(Schema, TypeNames) {
  EXPECT_EQ(to_string(Type(TypeId::timestamp_tz)), "TIMESTAMPTZ");
  EXPECT_EQ(to_string(Type::decimal(19, 4)), "DECIMAL(19,4)");
  EXPECT_EQ(to_string(Type::list_of(TypeId::varchar)), "VARCHAR[]");
  EXPECT_EQ(Type::list_of(TypeId::varchar), Type::list_of(TypeId::varchar));
  EXPECT_FALSE(Type::list_of(TypeId::varchar) == Type::list_of(TypeId::date));
  EXPECT_FALSE(Type::decimal(19, 4) == Type::decimal(19, 3));
}

TEST(Schema, AFreeNameIsFoundIgnoringCase) {
  EXPECT_EQ(free_name("id", {"name"}), "id");
  EXPECT_EQ(free_name("id", {"ID"}), "id_2");
  EXPECT_EQ(free_name("id", {"Id", "id_2"}), "id_3");
}

TEST(TableName, SplitsAtDotsOutsideQuotes) {
  EXPECT_EQ(parse_table_name("objects"), (TableName{"", "objects"}));
  EXPECT_EQ(parse_table_name("dest.objects"), (TableName{"dest", "objects"}));
  EXPECT_EQ(parse_table_name("\"my schema\".\"my.table\""), (TableName{"my schema", "my.table"}));
  EXPECT_EQ(parse_table_name("[a.b].`c.d`"), (TableName{"a.b", "c.d"}));
  EXPECT_EQ(parse_table_name("\"a\"\"b\""), (TableName{"", "a\"b"}));
  EXPECT_EQ(parse_table_name("records:people"), (TableName{"", "records:people"}));
}

TEST(TableName, RefusesWhatItCannotSplit) {
  for (const char* text : {"", ".", "a.", ".b", "a.b.c", "\"a", "\"a\"b", "\"\""}) {
    EXPECT_THROW(parse_table_name(text), Error) << text;
  }
}

TEST(TableName, PrintsQuotesOnlyWhereNeeded) {
  EXPECT_EQ(to_string(TableName{"dest", "objects"}), "dest.objects");
  EXPECT_EQ(to_string(TableName{"my schema", "my.\"table"}), "my schema.\"my.\"\"table\"");
}

}  // namespace
}  // namespace ingestr
