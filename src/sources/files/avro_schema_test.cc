#include "sources/files/avro_schema.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr::files {
namespace {

using testing::HasSubstr;

std::string around(std::string_view before, std::string_view inner, std::string_view after) { return fmt::format("{}{}{}", before, inner, after); }

std::string of_field(const std::string& type) {
  return avro_columns(around(R"({"type":"record","name":"r","fields":[{"name":"id","type":"int"},{"name":"c","type":)", type, "}]}"));
}

const char* const kMoney = R"({"type":"bytes","logicalType":"decimal","precision":10,"scale":2})";
const char* const kInstant = R"({"type":"long","logicalType":"timestamp-micros"})";

TEST(AvroSchema, OtherTypesStayAsTheEngineGivesThem) {
  for (const char* type : {R"("string")", R"(["null","long"])", R"({"type":"array","items":"int"})", R"({"type":"int","logicalType":"date"})",
                           R"({"type":"fixed","name":"f","size":8,"logicalType":"decimal","precision":10,"scale":2})", R"(["null","int","string"])",
                           R"({"type":"long","logicalType":"local-timestamp-millis"})"}) {
    EXPECT_EQ(of_field(type), "*") << type;
  }
  for (const char* schema : {"", "{", "\"int\"", "[]", R"({"type":"record"})", R"({"fields":5})"}) EXPECT_EQ(avro_columns(schema), "*") << schema;
}

TEST(AvroSchema, DecimalsAndInstantsAtAnyDepth) {
  EXPECT_EQ(of_field(kInstant), R"(* REPLACE (CAST("c" AS TIMESTAMPTZ) AS "c"))");
  EXPECT_EQ(of_field(around("[\"null\",", kMoney, "]")), R"(* REPLACE (CAST(_ingestr_avro_decimal('2:' || hex("c")) AS DECIMAL(10,2)) AS "c"))");
  EXPECT_EQ(of_field(R"({"type":"bytes","logicalType":"decimal","precision":50})"), R"(* REPLACE (CAST(_ingestr_avro_decimal('0:' || hex("c")) AS VARCHAR) AS "c"))");
  EXPECT_EQ(of_field(around(R"({"type":"array","items":)", kInstant, "}")), R"(* REPLACE (list_transform("c", lambda v0: CAST(v0 AS TIMESTAMPTZ)) AS "c"))");
  EXPECT_THAT(of_field(around(R"({"type":"map","values":)", kInstant, "}")), HasSubstr("CAST(v0.value AS TIMESTAMPTZ)"));
  EXPECT_THAT(of_field(around(R"({"type":"record","name":"x","fields":[{"name":"a","type":"int"},{"name":"b","type":)", kInstant, "}]}")),
              HasSubstr(R"(struct_pack("a" := ("c")."a", "b" := CAST(("c")."b" AS TIMESTAMPTZ)))"));
}

TEST(AvroSchema, TypesThatHaveNamesAreKnownByThem) {
  const std::string record = around(R"({"type":"record","name":"x","namespace":"n","fields":[{"name":"at","type":)", kInstant, R"(},{"name":"next","type":["null","x"]}]})");
  const std::string again = avro_columns(around(R"({"type":"record","name":"r","namespace":"n","fields":[{"name":"c","type":)", record, R"(},{"name":"d","type":"n.x"},{"name":"e","type":"x"}]})"));
  for (const char* column : {"\"c\"", "\"d\"", "\"e\""}) EXPECT_THAT(again, HasSubstr(around("CAST((", column, ").\"at\" AS TIMESTAMPTZ)")));
}

TEST(AvroSchema, WhatCannotBeReadNamesItsColumn) {
  for (const std::string& type : {std::string(R"({"type":"long","logicalType":"local-timestamp-micros"})"), std::string(R"({"type":"fixed","name":"f","size":12,"logicalType":"duration"})"),
                                 std::string(R"({"type":"long","logicalType":"date"})"), std::string(R"({"type":"long","logicalType":"time-millis"})"),
                                 std::string(R"({"type":"fixed","name":"f","size":20,"logicalType":"decimal","precision":40})"), around("[\"int\",", kMoney, "]")}) {
    try {
      of_field(type);
      ADD_FAILURE() << type;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_data);
      EXPECT_THAT(error.what(), HasSubstr("column c "));
    }
  }
  std::string deep = "\"int\"";
  for (int i = 0; i < 200; ++i) deep = R"({"type":"array","items":)" + deep + "}";
  EXPECT_THROW(of_field(deep), Error);
}

TEST(AvroDecimal, IsTheIntegerOfItsBytesAndAScale) {
  const auto decimal = avro_decimal_function().of;
  EXPECT_EQ(decimal("2:96"), "-1.06");
  EXPECT_EQ(decimal("2:0096"), "1.50");
  EXPECT_EQ(decimal("2:FF6A"), "-1.50");
  EXPECT_EQ(decimal("0:FF"), "-1");
  EXPECT_EQ(decimal("3:01"), "0.001");
  EXPECT_EQ(decimal("1:FF"), "-0.1");
  EXPECT_EQ(decimal("0:80"), "-128");
  EXPECT_EQ(decimal("2:"), "0.00");
  EXPECT_EQ(decimal("0:00000000000000000000"), "0");
  EXPECT_EQ(decimal("0:7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), "730750818665451459101842416358141509827966271487");
  EXPECT_EQ(decimal("4:8000000000000000"), "-922337203685477.5808");
}

}  // namespace
}  // namespace ingestr::files
