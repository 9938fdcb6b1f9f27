#include "sources/files/text_edges.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ingestr::files {
namespace {

std::pair<std::string, char> edges(const std::string& text, size_t piece_bytes) {
  TextEdges found;
  for (size_t at = 0; at < text.size(); at += piece_bytes) found.add(std::string_view(text).substr(at, piece_bytes));
  return {std::string(found.beginning()), found.last()};
}

TEST(TextEdges, AreWithoutAMarkAndBlanks) {
  for (const size_t bytes : {1, 2, 3, 1000}) {
    EXPECT_EQ(edges("[1, 2]", bytes), std::pair(std::string("[1, 2]"), ']'));
    EXPECT_EQ(edges("\xEF\xBB\xBF \n[1, 2] \r\n\t", bytes), std::pair(std::string("[1, 2] \r\n\t"), ']'));
    EXPECT_EQ(edges("\n \xEF\xBB\xBF[", bytes), std::pair(std::string("\xEF\xBB\xBF["), '['));
    EXPECT_EQ(edges("", bytes), std::pair(std::string(), '\0'));
    EXPECT_EQ(edges(" \n", bytes), std::pair(std::string(), '\0'));
  }
}

}  // namespace
}  // namespace ingestr::files
