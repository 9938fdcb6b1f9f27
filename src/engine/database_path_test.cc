#include "engine/database_path.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

std::string path_of(std::string_view uri) {
  return database_path(parse_uri(uri)).string();
}

TEST(DatabasePath, Relative) {
  EXPECT_EQ(path_of("duckdb:///x.duckdb"), "x.duckdb");
  EXPECT_EQ(path_of("duckdb://x.duckdb"), "x.duckdb");
  EXPECT_EQ(path_of("DuckDB:///x.duckdb"), "x.duckdb");
  EXPECT_EQ(path_of("duckdb:///./x.duckdb"), "./x.duckdb");
  EXPECT_EQ(path_of("duckdb:///./data/x.duckdb"), "./data/x.duckdb");
  EXPECT_EQ(path_of("duckdb:///../x.duckdb"), "../x.duckdb");
  EXPECT_EQ(path_of("duckdb://./x.duckdb"), "./x.duckdb");
  EXPECT_EQ(path_of("duckdb://../x.duckdb"), "../x.duckdb");
  EXPECT_EQ(path_of("duckdb://data/x.duckdb"), "data/x.duckdb");
  EXPECT_EQ(path_of("duckdb:///.hidden"), ".hidden");
}

TEST(DatabasePath, Absolute) {
  EXPECT_EQ(path_of("duckdb:////data/x.duckdb"), "/data/x.duckdb");
  EXPECT_EQ(path_of("duckdb:////x.duckdb"), "/x.duckdb");
  EXPECT_EQ(path_of("duckdb://///data/x.duckdb"), "/data/x.duckdb");
  EXPECT_EQ(path_of("duckdb:///data/x.duckdb"), "/data/x.duckdb");
  EXPECT_EQ(path_of("duckdb:///data/../x.duckdb"), "/data/../x.duckdb");
  EXPECT_EQ(path_of("duckdb:///.hidden/x.duckdb"), "/.hidden/x.duckdb");
}

TEST(DatabasePath, PercentDecoding) {
  EXPECT_EQ(path_of("duckdb:///my%20file%3F.duckdb"), "my file?.duckdb");
  EXPECT_EQ(path_of("duckdb:///a+b.duckdb"), "a+b.duckdb");
  EXPECT_EQ(path_of("duckdb:///data/%C3%BC.duckdb?x=1"), "/data/ü.duckdb");
}

TEST(DatabasePath, NoFile) {
  for (const char* uri : {"duckdb://", "duckdb:///", "duckdb:////",
                          "duckdb://:memory:", "duckdb:///:memory:", "duckdb:///data/",
                          "duckdb://..", "duckdb:///.", "duckdb:///a%00b"}) {
    try {
      path_of(uri);
      FAIL() << uri;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << uri;
    }
  }
}

}  // namespace
}  // namespace ingestr
