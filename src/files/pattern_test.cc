#include "files/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"

namespace ingestr::files {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The tree of a place.
class FilePattern : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* path : {"/data/a.csv", "/data/b.csv", "/data/.hidden.csv", "/data/x*.csv", "/data/2026/01/a.csv", "/data/2026/02/a.csv",
                             "/data/2026/02/b.json", "./home.csv", "./in/a.csv"}) {
      const std::string text = path;
      const size_t slash = text.rfind('/');
      const std::string directory = text.substr(0, slash);
      add(directory.starts_with("./") ? directory.substr(2) : directory, {text.substr(slash + 1), Entry::Kind::file, 1, 7});
    }
    for (const auto& [above, name] : std::map<std::string, std::string>{{"/", "data"}, {"/data", "2026"}, {".", "in"}}) {
      add(above, {name, Entry::Kind::directory});
    }
    add("/data/2026", {"01", Entry::Kind::directory});
    add("/data/2026", {"02", Entry::Kind::directory});
    add("/data/2026", {"loop", Entry::Kind::directory, 0, 0, 0, true});
  }

  void add(const std::string& directory, Entry entry) { tree_[directory].push_back(std::move(entry)); }

  std::vector<std::string> paths(const Pattern& pattern) {
    std::vector<std::string> paths;
    for (const File& file : pattern.fitting([this](const std::string& directory) { return tree_[directory]; })) paths.push_back(file.path);
    return paths;
  }

  std::map<std::string, std::vector<Entry>> tree_;
};

TEST_F(FilePattern, OneStarIsAnyPartOfAName) {
  EXPECT_THAT(paths(Pattern::encoded("/data/*.csv")), ElementsAre("/data/a.csv", "/data/b.csv", "/data/x*.csv"));
  EXPECT_THAT(paths(Pattern::encoded("/data/*/*/a.csv")), ElementsAre("/data/2026/01/a.csv", "/data/2026/02/a.csv"));
  EXPECT_THAT(paths(Pattern::encoded("/data/2026/*2/*")), ElementsAre("/data/2026/02/a.csv", "/data/2026/02/b.json"));
  EXPECT_THAT(paths(Pattern::encoded("/none/*.csv")), IsEmpty());
}

TEST_F(FilePattern, TwoStarsAreAnyDirectories) {
  EXPECT_THAT(paths(Pattern::encoded("/**/a.csv")), ElementsAre("/data/2026/01/a.csv", "/data/2026/02/a.csv", "/data/a.csv"));
  EXPECT_THAT(paths(Pattern::encoded("/data/2026/**")), ElementsAre("/data/2026/01/a.csv", "/data/2026/02/a.csv", "/data/2026/02/b.json"));
}

TEST_F(FilePattern, AStarThatIsEncodedIsOne) {
  const Pattern pattern = Pattern::encoded("/data/%78%2A*");
  EXPECT_TRUE(pattern.has_stars());
  EXPECT_EQ(pattern.path(), "/data/x**");
  EXPECT_THAT(paths(pattern), ElementsAre("/data/x*.csv"));
  EXPECT_FALSE(Pattern::encoded("/data/x%2A.csv").has_stars());
  EXPECT_THROW(Pattern::encoded("/a%00b"), Error);
}

TEST_F(FilePattern, WhereNoSlashIsInFront) {
  EXPECT_THAT(paths(Pattern::encoded("*.csv")), ElementsAre("home.csv"));
  EXPECT_THAT(paths(Pattern::encoded("./././*.csv")), ElementsAre("home.csv"));
  EXPECT_THAT(paths(Pattern::encoded("").below(Pattern::written("./*/a.csv"))), ElementsAre("in/a.csv"));
  EXPECT_THAT(paths(Pattern::encoded("/data/").below(Pattern::written("/2026/**/b.json"))), ElementsAre("/data/2026/02/b.json"));
}

TEST_F(FilePattern, Names) {
  const auto fit = [](std::string pattern, std::string_view name) {
    std::ranges::replace(pattern, '*', '\0');
    return fits(pattern, name);
  };
  EXPECT_TRUE(fit("a*b*c", "aXXbYYbc"));
  EXPECT_FALSE(fit("a*b*c", "aXXbYYbcd"));
  EXPECT_TRUE(fit("*", ""));
  EXPECT_FALSE(fit("*.csv", "x.csv.gz"));
  EXPECT_TRUE(fit("[a]?.csv", "[a]?.csv"));
  EXPECT_FALSE(fit("?.csv", "a.csv"));
}

}  // namespace
}  // namespace ingestr::files
