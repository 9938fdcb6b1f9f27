#include "database/sqlite_types.h"

#include <gtest/gtest.h>

#include "database/sqlite_functions.h"

namespace ingestr::database {
namespace {

TEST(SqliteTypes, OursAreReadAsOurs) {
  for (const Type& type : {Type(TypeId::boolean), Type(TypeId::smallint), Type(TypeId::integer), Type(TypeId::bigint), Type(TypeId::real),
                           Type(TypeId::double_), Type(TypeId::varchar), Type(TypeId::blob), Type(TypeId::date), Type(TypeId::time),
                           Type(TypeId::timestamp), Type(TypeId::timestamp_tz), Type(TypeId::uuid), Type(TypeId::interval),
                           Type(TypeId::json), Type::decimal(38, 9), Type::decimal(2, 2)}) {
    EXPECT_EQ(type_of_sqlite(sqlite_type(type)), type) << to_string(type);
    // What travels as text must not become a number on its way in.
    const bool is_text = sqlite_value_type(type).id == TypeId::varchar;
    if (type.id == TypeId::varchar || type.id == TypeId::json || type.id == TypeId::decimal) {
      EXPECT_EQ(affinity_of(sqlite_type(type)), SqliteAffinity::text) << to_string(type);
    }
    EXPECT_EQ(is_text, affinity_of(sqlite_type(type)) == SqliteAffinity::text || type.id == TypeId::date || type.id == TypeId::time ||
                           type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz || type.id == TypeId::uuid ||
                           type.id == TypeId::interval)
        << to_string(type);
  }
  EXPECT_EQ(sqlite_type(Type::list_of(TypeId::bigint)), "JSON_TEXT");
  EXPECT_EQ(sqlite_type(TypeId::null), "TEXT");
}

// https://sqlite.org/datatype3.html#affinity_name_examples
TEST(SqliteTypes, OthersGoByAffinity) {
  const auto is = [](const char* declared, const Type& type) { EXPECT_EQ(to_string(type_of_sqlite(declared)), to_string(type)) << declared; };
  for (const char* declared : {"INT", "integer", "TINYINT", "UNSIGNED BIG INT", "INT8", "FLOATING POINT"}) is(declared, TypeId::bigint);
  for (const char* declared : {"CHARACTER(20)", "VARCHAR(255)", "NATIVE CHARACTER(70)", "CLOB", "Text"}) is(declared, TypeId::varchar);
  for (const char* declared : {"REAL", "DOUBLE PRECISION", "FLOAT", "NUMERIC", "DECIMAL(10,5)", "STRING", "DECIMAL_TEX(9,2)"}) {
    is(declared, TypeId::double_);
  }
  is("", TypeId::varchar);
  is("BLOB", TypeId::blob);
  is("DateTime", TypeId::timestamp);
  is("bool", TypeId::boolean);
  is("JSON", TypeId::json);
  is("DECIMAL_TEXT(40,2)", TypeId::varchar);  // more digits than a DECIMAL has
}

TEST(SqliteTypes, OnlyOursAreTakenForOurs) {
  EXPECT_EQ(own_type_of_sqlite("INT2"), Type(TypeId::smallint));
  EXPECT_EQ(own_type_of_sqlite("decimal_text(9, 2)"), Type::decimal(9, 2));
  for (const char* declared : {"INTEGER", "DATE", "JSON", "SMALLINT", "DECIMAL(9,2)", "DECIMAL_TEXT", ""}) {
    EXPECT_EQ(own_type_of_sqlite(declared), std::nullopt) << declared;
  }
}

TEST(SqliteTypes, TextThatLooksLikeANumber) {
  for (const char* text : {"1", "-1.50", " +.5 ", "1e5", "00123", "1.", "1E+300"}) EXPECT_TRUE(looks_like_number(text)) << text;
  for (const char* text : {"", "a", "2026-01-31", "07:05:09", "{}", "[1]", "1 2", "e5", "a0eebc99-9c0b", "-", "0x10"}) {
    EXPECT_FALSE(looks_like_number(text)) << text;
  }
}

TEST(SqliteFunctions, DecimalsAreComparedByValue) {
  const std::vector<std::string> rising = {"-100", "-12.50", "-12.49", "-0.01", "0", "0.001", "0.5", "9", "10", "10.01", "99999999999999999999.9"};
  for (size_t i = 0; i < rising.size(); ++i) {
    for (size_t j = 0; j < rising.size(); ++j) {
      const int order = compare_decimals(rising[i], rising[j]);
      EXPECT_EQ(order < 0, i < j) << rising[i] << " " << rising[j];
      EXPECT_EQ(order > 0, i > j) << rising[i] << " " << rising[j];
    }
  }
  EXPECT_EQ(compare_decimals("1.50", "01.5"), 0);
  EXPECT_EQ(compare_decimals("-0.00", "0"), 0);
}

TEST(SqliteFunctions, TimesAreComparedByTheMoment) {
  const char* rising[] = {"2025-12-31T23:59:59.9Z", "2026-01-31",         "2026-01-31 00:00:00.5",     "2026-01-31 00:00:01", "2026-01-31 00:01",
                          "2026-01-31T07:00:00",    "2026-01-31 07:00:00.000001", "2026-01-31 10:00:00+00:00", "2026-02-01", "soon"};
  for (size_t i = 0; i < std::size(rising); ++i) {
    for (size_t j = 0; j < std::size(rising); ++j) {
      const int order = compare_times(rising[i], rising[j]);
      EXPECT_EQ(order < 0, i < j) << rising[i] << " " << rising[j];
      EXPECT_EQ(order > 0, i > j) << rising[i] << " " << rising[j];
    }
  }
  for (const char* same : {"2026-01-31", "2026-01-31T00:00", "2026-01-31 00:00:00.000000", "2026-01-31T00:00:00.0Z", "2026-01-31 00:00:00.00+00"}) {
    EXPECT_EQ(compare_times(same, "2026-01-31 00:00:00"), 0) << same;
  }
  EXPECT_NE(compare_times("2026-01-31 00:00:00+02:00", "2026-01-31 00:00:00"), 0);
  EXPECT_NE(compare_times("", "0"), 0);
}

TEST(SqliteFunctions, NumbersHaveAllTheirDigits) {
  EXPECT_EQ(text_of_double(0.1), "0.1");
  EXPECT_EQ(text_of_double(1), "1.0");
  EXPECT_EQ(text_of_double(1e300), "1e+300");
  EXPECT_EQ(text_of_double(-1.7976931348623157e308), "-1.7976931348623157e+308");
}

}  // namespace
}  // namespace ingestr::database
