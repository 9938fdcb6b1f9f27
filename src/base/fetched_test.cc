#include "base/fetched.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Fetched, PathsBecomeUris) {
  EXPECT_EQ(with_origins("/tmp/ingestr-fetched-aB3xyz/sftp/host:2222/data/x.csv, line 3"), "sftp://host:2222/data/x.csv, line 3");
  EXPECT_EQ(with_origins("Failed to read '/t/ingestr-fetched-aB3xyz/sftp/h/a.parquet' and \"/t/ingestr-fetched-aB3xyz/sftp/h/~/b\""),
            "Failed to read 'sftp://h/a.parquet' and \"sftp://h/~/b\"");
  EXPECT_EQ(with_origins("/tmp/ingestr-fetched-aB3xyz"), "/tmp/ingestr-fetched-aB3xyz");
  EXPECT_EQ(with_origins("ingestr-fetched-"), "ingestr-fetched-");
  EXPECT_EQ(with_origins("/data/x.csv: no column"), "/data/x.csv: no column");
}

}  // namespace
}  // namespace ingestr
