#include "destinations/files/target.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr::file_output {
namespace {

Target target(const std::string& text) { return target_of(parse_uri(text)); }

TEST(Target, NamesAFileAsTheUriOfASourceDoes) {
  EXPECT_EQ(target("csv://data/a%20b.csv").path, std::filesystem::current_path() / "data/a b.csv");
  EXPECT_EQ(target("csv:///data/x.csv").path, "/data/x.csv");
  EXPECT_FALSE(target("csv:///data/x.csv").is_directory);
}

TEST(Target, IsADirectoryWhenItEndsWithASlash) {
  const Target found = target("parquet:///data/out/");
  EXPECT_TRUE(found.is_directory);
  EXPECT_EQ(found.path, "/data/out");
  EXPECT_FALSE(found.has_rows());
}

TEST(Target, IsRefusedWithoutAName) {
  EXPECT_THROW(target("csv://"), Error);
  EXPECT_THROW(target("csv://a%00b"), Error);
}

}  // namespace
}  // namespace ingestr::file_output
