#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json_writer.h"
#include "texts.h"
#include "time_text.h"

namespace sandbox {
namespace {

TEST(TimeText, WritesNanosecondForm) {
  EXPECT_EQ(timestamp_text(1739174411204), "2025-02-10T08:00:11.204000000Z");
  EXPECT_EQ(timestamp_text(-1), "1969-12-31T23:59:59.999000000Z");
}

TEST(TimeText, WritesHttpDates) {
  EXPECT_EQ(http_date(1783419631999), "Tue, 07 Jul 2026 10:20:31 GMT");
}

TEST(TimeText, ReadsWhatItWrites) {
  for (const Milliseconds time :
       {Milliseconds{0}, Milliseconds{1739174411204}, Milliseconds{1709164799999}})
    EXPECT_EQ(parse_timestamp(timestamp_text(time)), time);
  EXPECT_EQ(parse_timestamp("2025-02-10T08:00:11Z"), 1739174411000);
  EXPECT_EQ(parse_timestamp("2025-02-10T08:00:11.2Z"), 1739174411200);
}

TEST(TimeText, RefusesOtherForms) {
  for (const char* text : {"", "2025-02-10", "2025-02-10T08:00:11", "2025-02-10T08:00:11+00:00",
                           "2025-02-30T08:00:11Z", "2025-02-10T24:00:11Z", "2025-02-10T08:00:11.Z",
                           "2025-02-10T08:00:11.1234567890Z", "2025-02-10 08:00:11Z",
                           "2025-02-10T08:00:11xZ", "2025-02-10T08:00:11.xZ"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(JsonWriter, EscapesWhatJsonWantsEscaped) {
  const std::string text = "a\"b\\c/\n\x01\x1f é 🚀";
  EXPECT_EQ(json_string(text), R"("a\"b\\c/\u000a\u0001\u001f é 🚀")");
  EXPECT_EQ(nlohmann::json::parse(json_string(text)), text);
}

TEST(Texts, AreJsonAsTheyStand) {
  for (const Texts& texts : {first_words(), second_words(), job_titles(), wild_texts(),
                             wild_dates(), wild_timestamps(), localities(), country_codes()})
    for (const auto text : texts)
      EXPECT_TRUE(nlohmann::json::accept('"' + std::string(text) + '"')) << text;
  for (const Texts& texts : {wild_numbers(), wild_amounts(), currency_codes()})
    for (const auto text : texts) EXPECT_TRUE(nlohmann::json::accept(text)) << text;
}

TEST(Filler, GivesAnyLengthAsJson) {
  const Filler filler(5000);
  for (uint64_t draw = 0; draw < 300; ++draw)
    for (const size_t length : {0, 1, 17, 5000}) {
      const auto text = filler.text(draw * 7919, length);
      EXPECT_GE(text.size(), length);
      EXPECT_LT(text.size(), length + 32);
      EXPECT_TRUE(nlohmann::json::accept('"' + std::string(text) + '"'));
    }
}

}  // namespace
}  // namespace sandbox
