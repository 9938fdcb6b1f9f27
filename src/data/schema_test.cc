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

TEST(Schema, ATypeIsTheSameWhateverItsSourceCallsIt) {
  const Type inet = Type(TypeId::varchar).of_source({"PostgreSQL", "inet"});
  EXPECT_EQ(inet, Type(TypeId::varchar));
  EXPECT_EQ(inet.source->name, "inet");
  EXPECT_EQ(to_string(inet), "VARCHAR");
}

TEST(Schema, AFreeNameIsFoundIgnoringCase) {
  EXPECT_EQ(free_name("id", {"name"}), "id");
  EXPECT_EQ(free_name("id", {"ID"}), "id_2");
  EXPECT_EQ(free_name("id", {"Id", "id_2"}), "id_3");
  using Names = std::vector<std::string>;
  EXPECT_EQ(free_names({"Name", "id", "name", "", "NAME"}), (Names{"Name_3", "id", "name", "", "NAME_2"}));
  EXPECT_EQ(free_names({"name", "NAME", "id", "Name"}), (Names{"name", "NAME_2", "id", "Name_3"}));
}

TEST(ShortenName, IsTheSameEveryTimeAndEndsBetweenCharacters) {
  EXPECT_EQ(shorten_name("created_at", 10), "created_at");
  const std::string name = shorten_name("created_at_", 10);
  EXPECT_EQ(name.size(), 10U);
  EXPECT_EQ(name, shorten_name("created_at_", 10));
  EXPECT_NE(name, shorten_name("created_at!", 10));
  EXPECT_EQ(name.substr(0, 2), "c_");
  EXPECT_EQ(shorten_name("éééééééé", 12).substr(0, 3), "é_");
  EXPECT_EQ(shorten_name("ééééééééééééééé", 12).size(), 11U);
}

TEST(FreeName, KeepsToTheLimitOfADestination) {
  const std::string wanted(70, 'a');
  const std::string first = free_name(wanted, {}, 63), second = free_name(wanted, {first}, 63);
  EXPECT_EQ(first.size(), 63U);
  EXPECT_EQ(second.size(), 63U);
  EXPECT_NE(first, second);
  EXPECT_EQ(second.substr(61), "_2");
}

TEST(TableName, SplitsAtDotsOutsideQuotes) {
  EXPECT_EQ(parse_table_name("objects"), (TableName{"", "objects"}));
  EXPECT_EQ(parse_table_name("dest.objects"), (TableName{"dest", "objects"}));
  EXPECT_EQ(parse_table_name("\"my schema\".\"my.table\""), (TableName{"my schema", "my.table"}));
  EXPECT_EQ(parse_table_name("[a.b].`c.d`"), (TableName{"a.b", "c.d"}));
  EXPECT_EQ(parse_table_name("\"a\"\"b\""), (TableName{"", "a\"b"}));
  EXPECT_EQ(parse_table_name("records:people"), (TableName{"", "records:people"}));
}

TEST(TableName, MayHaveTheDatabasesOwnNameBeforeTheSchema) {
  EXPECT_EQ(parse_table_name("Shop.dest.objects", "shop"), (TableName{"dest", "objects"}));
  EXPECT_EQ(parse_table_name("shop.objects", "shop"), (TableName{"shop", "objects"}));
  EXPECT_THROW(parse_table_name("other.dest.objects", "shop"), Error);
  EXPECT_THROW(parse_table_name("shop.a.b.c", "shop"), Error);
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
