#include "app/text_table.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(TextTable, AlignsWhatIsSeen) {
  EXPECT_EQ(text_table({{"name"}, {"rows", true}, {"note"}},
                       {{"日本語", "1", "wide"}, {"e\xCC\x81", "1,200", ""}, {"x", "", "y"}}),
            "name     rows  note\n"
            "------  -----  ----\n"
            "日本語      1  wide\n"
            "e\xCC\x81       1,200\n"
            "x              y\n");
}

TEST(TextTable, WithoutRowsIsItsTitles) {
  EXPECT_EQ(text_table({{"a"}, {"bc"}}, {}), "a  bc\n-  --\n");
}

}  // namespace
}  // namespace ingestr
