#include "data/exact_value.h"

#include <gtest/gtest.h>

#include "data/type_evidence.h"

namespace ingestr {
namespace {

constexpr const char* kTexts[] = {
    "", "0", "-0", "1", "-1", "007", "+1", " 1", "1 ", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "12345678901234567890123456789012345678", "123456789012345678901234567890123456789", "1.5", "-1.50", "1.", ".5", "1e5",
    "1e+5", "1.5e5", "1e-300", "0.1234567890123456789", "0.14285714285714285", "1234567890123456.7", "true", "False", "yes",
    "2024-01-31", "2024-02-31", "2024-01-31 01:02:03", "2024-01-31T01:02:03.123456", "2024-01-31T01:02:03.1234567",
    "2024-01-31T01:02:03Z", "2024-01-31T01:02:03+02:00", "x", "NaN", "1,5"};

bool accepts(const Type& type, std::string_view text) {
  switch (type.id) {
    case TypeId::boolean: return exact_boolean(text).has_value();
    case TypeId::bigint: return exact_bigint(text).has_value();
    case TypeId::double_: return exact_double(text, NumberForm::field).has_value();
    case TypeId::decimal: return is_exact_decimal(text, type.precision, type.scale);
    case TypeId::date: return exact_date(text).has_value();
    case TypeId::timestamp: return exact_timestamp(text).has_value();
    case TypeId::timestamp_tz: return exact_timestamp_tz(text).has_value();
    default: return true;
  }
}

// What lands by the types of a sample is what would land by the types of all rows.
TEST(ExactValue, AcceptsJustWhatLeavesAColumnItsType) {
  for (const char* first : kTexts) {
    TypeEvidence evidence;
    evidence.see_field(first);
    const Type type = evidence.type();
    EXPECT_TRUE(accepts(type, first)) << first << " as " << to_string(type);
    for (const char* second : kTexts) {
      TypeEvidence both = evidence;
      both.see_field(second);
      EXPECT_EQ(accepts(type, second), both.type() == type) << second << " after " << first << ", " << to_string(type);
    }
  }
}

TEST(ExactValue, Values) {
  EXPECT_EQ(exact_boolean("TRUE"), true);
  EXPECT_EQ(exact_bigint("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(exact_double("1.5e5", NumberForm::field), 150000.0);
  EXPECT_EQ(exact_double("15e4", NumberForm::json), 150000.0);
  EXPECT_EQ(exact_date("1970-01-02"), 1);
  EXPECT_EQ(exact_timestamp("1970-01-01 00:00:01.5"), 1'500'000);
  EXPECT_EQ(exact_timestamp_tz("1970-01-01T02:00:00+02:00"), 0);
}

}  // namespace
}  // namespace ingestr
