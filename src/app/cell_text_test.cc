#include "app/cell_text.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Visible, LeavesLettersAlone) {
  for (const char* text : {"", "a b", "größe", "日本語", "🙂", "\\n", "e\xCC\x81", "שלום"}) {
    EXPECT_EQ(visible(text), text);
  }
}

TEST(Visible, EscapesWhatATerminalObeys) {
  EXPECT_EQ(visible("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(visible("\x1b[31mred\x07\x7F"), "\\x1b[31mred\\x07\\x7f");
  EXPECT_EQ(visible(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(visible("\xC2\x9B"
                    "1m"),
            "\\u009b1m");
  EXPECT_EQ(visible("a\u202Eb\u2066c\u2028d"), "a\\u202eb\\u2066c\\u2028d");
}

TEST(Visible, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(visible("a\xFFz\xE6\x97"), "a\uFFFDz\uFFFD\uFFFD");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("日本語"), 6U);
  EXPECT_EQ(display_width("🙂"), 2U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // a letter and its accent
}

TEST(CutToWidth, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 5), "abcd…");
  EXPECT_EQ(cut_to_width("abcdef", 1), "…");
  EXPECT_EQ(cut_to_width("größer", 6), "größer");
  EXPECT_EQ(cut_to_width("größer", 5), "größ…");
  EXPECT_EQ(cut_to_width("日本語", 6), "日本語");
  EXPECT_EQ(cut_to_width("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");
  EXPECT_EQ(cut_to_width("e\xCC\x81\x65\xCC\x81x", 2), "e\xCC\x81…");
}

}  // namespace
}  // namespace ingestr
