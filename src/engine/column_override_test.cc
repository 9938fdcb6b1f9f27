#include "engine/column_override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string type_text(std::string_view text) {
  std::optional<uint32_t> length;
  const std::string type = to_string(parse_column_type(text, length));
  return length ? type + " of " + std::to_string(*length) : type;
}

std::string fault(std::string_view text) {
  try {
    parse_columns(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(ColumnTypes, AreThoseThatScriptsUse) {
  const std::pair<const char*, const char*> types[] = {
      {"boolean", "BOOLEAN"},       {"bool", "BOOLEAN"},
      {"int8", "SMALLINT"},         {"tinyint", "SMALLINT"},
      {"int16", "SMALLINT"},        {"smallint", "SMALLINT"},
      {"int32", "INTEGER"},         {"int", "BIGINT"},
      {"integer", "BIGINT"},        {"INT64", "BIGINT"},
      {"bigint", "BIGINT"},         {"long", "BIGINT"},
      {"float", "REAL"},            {"real", "REAL"},
      {"float4", "REAL"},           {"float32", "REAL"},
      {"double", "DOUBLE"},         {"float8", "DOUBLE"},
      {"float64", "DOUBLE"},        {"decimal", "DECIMAL(38,9)"},
      {"numeric(10)", "DECIMAL(10,0)"}, {"Decimal( 18 , 2 )", "DECIMAL(18,2)"},
      {"string", "VARCHAR"},        {"text", "VARCHAR"},
      {"varchar", "VARCHAR"},       {"varchar(20)", "VARCHAR of 20"},
      {"binary", "BLOB"},           {"bytes", "BLOB"},
      {"blob", "BLOB"},             {"date", "DATE"},
      {"time", "TIME"},             {"timestamp", "TIMESTAMPTZ"},
      {"timestamptz", "TIMESTAMPTZ"}, {"datetime", "TIMESTAMPTZ"},
      {"timestamp_ntz", "TIMESTAMP"}, {"timestampntz", "TIMESTAMP"},
      {"json", "JSON"},             {"jsonb", "JSON"},
      {"uuid", "UUID"},             {"interval", "INTERVAL"},
  };
  for (const auto& [text, type] : types) EXPECT_EQ(type_text(text), type) << text;
}

TEST(ColumnOverrides, CommasInsideParenthesesDoNotSplit) {
  const auto columns = parse_columns(" amount:decimal(10,2) , created:date,zip_code:text:zip,,full::fullName");
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(columns[0].name, "amount");
  EXPECT_EQ(columns[0].source, "amount");
  EXPECT_EQ(columns[0].type, Type::decimal(10, 2));
  EXPECT_EQ(columns[1].type, Type(TypeId::date));
  EXPECT_EQ(columns[2].name, "zip_code");
  EXPECT_EQ(columns[2].source, "zip");
  EXPECT_TRUE(columns[2].renames());
  EXPECT_EQ(columns[3].type, std::nullopt);
  EXPECT_EQ(columns[3].source, "fullName");
  EXPECT_TRUE(parse_columns(" , ").empty());
}

TEST(ColumnOverrides, ASourceNameMayHoldColons) {
  EXPECT_EQ(parse_columns("a:text:x:y")[0].source, "x:y");
}

TEST(ColumnOverrides, NamesInQuotesHoldAnything) {
  const auto columns = parse_columns(R"("a,b":decimal(5,2): "c:d, (" , "say ""f""":text, g:text)");
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].name, "a,b");
  EXPECT_EQ(columns[0].source, "c:d, (");
  EXPECT_EQ(columns[1].name, R"(say "f")");
  EXPECT_EQ(columns[2].name, "g");
}

TEST(ColumnOverrides, WhatIsWrongIsNamed) {
  EXPECT_THAT(fault("amount"), StartsWith("\"amount\" says nothing of a column; write name:type"));
  EXPECT_THAT(fault(":text"), HasSubstr("says nothing of a column"));
  EXPECT_THAT(fault("a:"), HasSubstr("says nothing of a column"));
  EXPECT_THAT(fault("a::"), HasSubstr("says nothing of a column"));
  EXPECT_THAT(fault("a:bigit"), HasSubstr("a: there is no type \"bigit\""));
  EXPECT_THAT(fault("a:bigit"), HasSubstr("did you mean bigint?"));
  EXPECT_THAT(fault("a:date(3)"), HasSubstr("there is no type \"date(3)\""));
  EXPECT_THAT(fault("a:varchar(x)"), HasSubstr("there is no type"));
  EXPECT_THAT(fault("a:decimal(39,2)"), HasSubstr("write decimal(p,s)"));
  EXPECT_THAT(fault("a:decimal(5,6)"), HasSubstr("write decimal(p,s)"));
  EXPECT_THAT(fault("a:decimal(1,2,3)"), HasSubstr("write decimal(p,s)"));
  EXPECT_THAT(fault("a:decimal(10,2"), HasSubstr("there is no type"));
  EXPECT_EQ(fault("a:text,A:date"), "the column A is there twice; name it once");
  EXPECT_EQ(fault("a:text:x,b:text:X"), "the source column X is there twice; name it once");
}

TEST(ColumnOverride, TypesAreWrittenAsTheyAreRead) {
  for (const Type& type : {Type(TypeId::boolean), Type(TypeId::smallint), Type(TypeId::integer), Type(TypeId::bigint), Type(TypeId::real), Type(TypeId::double_),
                           Type::decimal(9, 2), Type(TypeId::varchar), Type(TypeId::blob), Type(TypeId::date), Type(TypeId::time), Type(TypeId::timestamp),
                           Type(TypeId::timestamp_tz), Type(TypeId::uuid), Type(TypeId::interval), Type(TypeId::json)}) {
    std::optional<uint32_t> length;
    EXPECT_EQ(parse_column_type(written_type(type).value(), length), type) << to_string(type);
  }
  EXPECT_FALSE(written_type(Type::list_of(TypeId::date)));
  EXPECT_FALSE(written_type(Type::native_of("inet")));
}

}  // namespace
}  // namespace ingestr
