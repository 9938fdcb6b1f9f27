#include "base/time.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Time, DatesAreStrict) {
  EXPECT_EQ(parse_iso_date("1970-01-01"), 0);
  EXPECT_EQ(parse_iso_date("2024-02-29"), 19782);
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-1-01", "20240101", "03/04/2024", "2024-01-01 ", "", "0000-01-01"}) {
    EXPECT_EQ(parse_iso_date(text), std::nullopt) << text;
  }
}

TEST(Time, TimestampsKeepMicroseconds) {
  const auto time = parse_iso_timestamp("2026-03-04T09:15:22.417000000Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->micros, 1772615722417000);
  EXPECT_TRUE(time->zoned);
  EXPECT_TRUE(time->exact);
}

TEST(Time, DigitsBelowTheMicrosecondAreReported) {
  const auto time = parse_iso_timestamp("1970-01-01T00:00:00.000001999Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->micros, 1);
  EXPECT_FALSE(time->exact);
}

TEST(Time, OffsetsAndLocalTimes) {
  EXPECT_EQ(parse_iso_timestamp("1970-01-01T01:00:00+01:00")->micros, 0);
  EXPECT_EQ(parse_iso_timestamp("1970-01-01T00:00:00-0130")->micros, 5'400'000'000);
  EXPECT_EQ(parse_iso_timestamp("1970-01-01 01:00:00.5+01")->micros, 500'000);
  EXPECT_EQ(parse_iso_timestamp("1970-01-01 00:00:00-02")->micros, 7'200'000'000);
  EXPECT_FALSE(parse_iso_timestamp("1970-01-01 00:00:01")->zoned);
}

TEST(Time, SecondsMayBeLeftOut) {
  EXPECT_EQ(parse_iso_timestamp("1970-01-01T00:01Z")->micros, 60'000'000);
  EXPECT_EQ(parse_iso_timestamp("1970-01-01T00:01-05")->micros, 18'060'000'000);
  EXPECT_FALSE(parse_iso_timestamp("1970-01-01 00:01")->zoned);
}

TEST(Time, WhatIsNoTimestamp) {
  for (const char* text : {"10:30", "3:1", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00Z", "2024-01-01+00", "2024-01-01T00:00.5Z",
                           "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+99:00", "2024-01-01T00:00:00+99", "2024-01-01T00:00:00+1", "2024-01-01T00:00:00+", "2024-01-01T00:00:00+01:", "0000-12-31T23:00:00Z", "0001-01-01T00:00:00+01:00",
                           "9999-12-31T23:59:59-05:00"}) {
    EXPECT_EQ(parse_iso_timestamp(text).has_value(), false) << text;
  }
  EXPECT_TRUE(parse_iso_timestamp("0001-01-01T00:00:00Z"));
  EXPECT_TRUE(parse_iso_timestamp("9999-12-31T23:59:59.999999Z"));
}

TEST(Time, HttpDates) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")->time_since_epoch().count(), 784111777);
  for (const char* text : {"Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "7", "", "Sun, 06 Foo 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text).has_value(), false) << text;
  }
}

TEST(Time, FormatsForPeopleAndMachines) {
  EXPECT_EQ(format_iso(SystemTime(std::chrono::microseconds(1772615722417001))), "2026-03-04T09:15:22.417001Z");
}

}  // namespace
}  // namespace ingestr
