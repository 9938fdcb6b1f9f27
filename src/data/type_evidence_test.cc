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

}  // namespace
}  // namespace ingestr
