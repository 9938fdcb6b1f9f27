#include "destinations/files/target.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_directory.h"

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

TEST(Target, IsWhatALinkNames) {
  const TemporaryDirectory directory;
  const auto link = directory.path() / "link.csv";
  std::filesystem::create_symlink("other.csv", directory.path() / "second.csv");
  std::filesystem::create_symlink("second.csv", link);
  EXPECT_EQ(target("csv://" + link.string()).path, directory.path() / "other.csv");
  std::filesystem::create_symlink("loop.csv", directory.path() / "loop.csv");
  EXPECT_EQ(target("csv://" + (directory.path() / "loop.csv").string()).path, directory.path() / "loop.csv");
}

TEST(Target, IsRefusedWithoutAName) {
  EXPECT_THROW(target("csv://"), Error);
  EXPECT_THROW(target("csv://a%00b"), Error);
}

}  // namespace
}  // namespace ingestr::file_output
