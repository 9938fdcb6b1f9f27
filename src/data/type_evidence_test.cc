#include "data/type_evidence.h"

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

namespace ingestr {
namespace {

Type of_numbers(std::initializer_list<const char*> texts) {
  TypeEvidence evidence;
  for (const char* text : texts) evidence.see_number(text);
  return evidence.type();
}

Type of_strings(std::initializer_list<const char*> texts) {
  TypeEvidence evidence;
  for (const char* text : texts) evidence.see_string(text);
  return evidence.type();
}

TEST(TypeEvidence, Integers) {
  EXPECT_EQ(of_numbers({"7", "-9223372036854775808", "9223372036854775807"}), TypeId::bigint);
  EXPECT_EQ(of_numbers({"9007199254740993"}), TypeId::bigint);
  EXPECT_EQ(of_numbers({"1", "12345678901234567890"}), Type::decimal(38, 0));
  EXPECT_EQ(of_numbers({"123456789012345678901234567890123456789"}), TypeId::varchar);  // 39 digits
}

TEST(TypeEvidence, FractionsAreDoublesOnlyWhileADoubleGivesThemBack) {
  EXPECT_EQ(of_numbers({"12.0625", "3"}), TypeId::double_);
  EXPECT_EQ(of_numbers({"1.0"}), TypeId::double_);
  EXPECT_EQ(of_numbers({"1e5", "2.5E-300"}), TypeId::varchar);  // the second lies at the edge of the range
  EXPECT_EQ(of_numbers({"1e5", "2.5E-30"}), TypeId::double_);
  EXPECT_EQ(of_numbers({"0.1234567890123456789"}), Type::decimal(20, 19));
  EXPECT_EQ(of_numbers({"9007199254740993", "0.5"}), Type::decimal(17, 1));
  EXPECT_EQ(of_numbers({"1e400"}), TypeId::varchar);
  EXPECT_EQ(of_numbers({"-0"}), TypeId::double_);
  EXPECT_EQ(of_numbers({"0.14285714285714285", "-1.7976931348623157e+208"}), TypeId::double_);  // as programs write doubles
  EXPECT_EQ(of_numbers({"0.14285714285714287"}), Type::decimal(18, 17));
  EXPECT_EQ(of_numbers({"0.14285714285714285", "9007199254740993"}), Type::decimal(33, 17));
}

Type of_fields(std::initializer_list<const char*> texts) {
  TypeEvidence evidence;
  for (const char* text : texts) evidence.see_field(text);
  return evidence.type();
}

TEST(TypeEvidence, FieldsAreNumbersOnlyAsJsonWritesThem) {
  EXPECT_EQ(of_fields({"1", "-20", "0"}), TypeId::bigint);
  EXPECT_EQ(of_fields({"1.50", "-0.5"}), TypeId::double_);
  EXPECT_EQ(of_fields({"1e-05", "1E+16", "1.0E10"}), TypeId::double_);
  EXPECT_EQ(of_fields({"12345678901234567890"}), Type::decimal(38, 0));
  for (const char* text : {"00123", "-01", "+5", " 5", "5 ", ".5", "5.", "1e5", "12E10", "1e", "1.e5", "NaN", "inf", "0x1", "1,5",
                           "--1", "-", "1_0", "1.2.3", "yes", "t"}) {
    EXPECT_EQ(of_fields({text}), TypeId::varchar) << text;
    EXPECT_FALSE(TypeEvidence::is_number(text)) << text;
  }
  EXPECT_TRUE(TypeEvidence::is_json_number("1e5"));
  for (const char* text : {"01", "1.", ".1", "1e", "+1", ""}) EXPECT_FALSE(TypeEvidence::is_json_number(text)) << text;
}

TEST(TypeEvidence, FieldsOfOneKind) {
  EXPECT_EQ(of_fields({"true", "FALSE", "True"}), TypeId::boolean);
  EXPECT_EQ(of_fields({"true", "1"}), TypeId::varchar);
  EXPECT_EQ(of_fields({"2024-03-04"}), TypeId::date);
  EXPECT_EQ(of_fields({"2024-03-04", "5"}), TypeId::varchar);
  EXPECT_EQ(of_fields({""}), TypeId::varchar);
}

// However rows are dealt out to threads.
TEST(TypeEvidence, MergingIsSeeingBoth) {
  const std::vector<const char*> texts = {"1", "2.5", "12345678901234567890", "0.1234567890123456789", "true", "2024-01-01",
                                          "2024-01-01 00:00:00", "2024-01-01T00:00:00Z", "x", "1e400", "-0"};
  for (const char* a : texts) {
    for (const char* b : texts) {
      TypeEvidence one, two;
      one.see_field(a);
      two.see_field(b);
      one.merge(two);
      EXPECT_EQ(to_string(one.type()), to_string(of_fields({a, b}))) << a << " " << b;
      EXPECT_EQ(to_string(of_fields({b, a})), to_string(of_fields({a, b}))) << a << " " << b;
    }
  }
}

TEST(TypeEvidence, StringsBecomeDatesOnlyByStrictIso8601) {
  EXPECT_EQ(of_strings({"2024-03-04"}), TypeId::date);
  EXPECT_EQ(of_strings({"2024-03-04T05:06:07Z", "2024-03-04T05:06:07.123+02:00"}), TypeId::timestamp_tz);
  EXPECT_EQ(of_strings({"2024-03-04 05:06:07"}), TypeId::timestamp);
  for (const char* text : {"10:30", "3:1", "00123", "03/04/2024", "", " ", "1/2/3", "09:15:00", "2024-13-01"}) {
    EXPECT_EQ(of_strings({text}), TypeId::varchar) << text;
  }
  EXPECT_EQ(of_strings({"2024-03-04T05:06:07.000000001Z"}), TypeId::varchar);  // nanoseconds would be lost
  EXPECT_EQ(of_strings({"2024-03-04", "2024-03-04T05:06:07Z"}), TypeId::varchar);
}

TEST(TypeEvidence, Mixtures) {
  TypeEvidence nothing;
  EXPECT_EQ(nothing.type(), TypeId::null);
  TypeEvidence mixed;
  mixed.see_boolean();
  EXPECT_EQ(mixed.type(), TypeId::boolean);
  mixed.see_number("1");
  EXPECT_EQ(mixed.type(), TypeId::varchar);
  mixed.see_nested();
  EXPECT_EQ(mixed.type(), TypeId::json);
}

bool fits(const Type& type, std::initializer_list<const char*> fields, NumberForm form = NumberForm::field) {
  TypeEvidence evidence;
  for (const char* field : fields) evidence.see_field(field);
  return TypeEvidence::of_text(evidence.to_text()).fits(type, form);
}

TEST(TypeEvidence, ColumnsThatAreThereTakeWhatTheyHold) {
  EXPECT_TRUE(fits(TypeId::smallint, {"32767", "-32768", "", " "}));
  EXPECT_FALSE(fits(TypeId::smallint, {"32768"}));
  EXPECT_FALSE(fits(TypeId::smallint, {"00123"}));
  EXPECT_TRUE(fits(TypeId::integer, {"2147483647"}));
  EXPECT_FALSE(fits(TypeId::integer, {"2147483648"}));
  EXPECT_FALSE(fits(TypeId::bigint, {"1.0"}));
  EXPECT_TRUE(fits(Type::decimal(18, 2), {"5.25", "1234567890123456.78", "7"}));
  EXPECT_FALSE(fits(Type::decimal(18, 2), {"5.255"}));
  EXPECT_FALSE(fits(Type::decimal(18, 2), {"12345678901234567.1"}));
  EXPECT_FALSE(fits(Type::decimal(18, 2), {"1.5e+3"}));
  EXPECT_TRUE(fits(TypeId::double_, {"1", "2.5"}));
  EXPECT_FALSE(fits(TypeId::double_, {"9007199254740993"}));
  EXPECT_TRUE(fits(TypeId::boolean, {"TRUE", ""}));
  EXPECT_TRUE(fits(TypeId::date, {"2024-02-29", ""}));
  EXPECT_FALSE(fits(TypeId::date, {"2024-02-29T00:00:00"}));
  for (const TypeId time : {TypeId::timestamp, TypeId::timestamp_tz}) {
    EXPECT_TRUE(fits(time, {"2024-02-29", "2024-02-29T01:00:00", "2024-02-29T01:00:00+02:00", ""}));
    EXPECT_FALSE(fits(time, {"2024-02-29", "n/a"}));
  }
  EXPECT_TRUE(fits(TypeId::time, {"10:30", "23:59:59.123456"}));
  EXPECT_FALSE(fits(TypeId::time, {"24:00"}));
  EXPECT_FALSE(fits(TypeId::time, {"10:30:00.1234567"}));
  EXPECT_FALSE(fits(TypeId::time, {"3:1"}));
  EXPECT_TRUE(fits(TypeId::uuid, {"6F9619FF-8B86-D011-B42D-00cf4fc964ff"}));
  EXPECT_FALSE(fits(TypeId::uuid, {"6F9619FF8B86D011B42D00cf4fc964ff"}));
  EXPECT_FALSE(fits(TypeId::varchar, {"a"}));
}

// "" is a string there.
TEST(TypeEvidence, BlankTextsAreNoNumbersOfJson) {
  EXPECT_FALSE(fits(TypeId::bigint, {"1", ""}, NumberForm::json));
  EXPECT_TRUE(fits(TypeId::date, {"2024-02-29", ""}, NumberForm::json));
}

TEST(TypeEvidence, DecimalOfAllNumbers) {
  TypeEvidence evidence;
  evidence.see_number("12.5");
  evidence.see_number("-7.125");
  EXPECT_EQ(evidence.decimal_type(), Type::decimal(5, 3));
  evidence.see_number("1e5");
  EXPECT_EQ(evidence.decimal_type(), std::nullopt);
}

}  // namespace
}  // namespace ingestr
