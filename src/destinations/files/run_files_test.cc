#include "destinations/files/run_files.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr::file_output {
namespace {

constexpr SystemTime kNoon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 26} + std::chrono::hours(12);

TEST(RunFiles, AreCalledByTableTimeAndProcess) {
  EXPECT_EQ(run_name("orders", kNoon, 7), "orders-20261126T120000000000Z-7");
}

TEST(RunFiles, HaveAPartForEachTable) {
  EXPECT_EQ(table_part({"", ".a/b.c"}), "%2Ea%2Fb%2Ec");
  EXPECT_EQ(table_part({"", "a%2Fb"}), "a%252Fb");
  EXPECT_EQ(table_part({"", "a_b"}), "a_b");
  EXPECT_EQ(table_part({"a", "b"}), "a.b");
  EXPECT_EQ(table_part({"a.b", "c"}), "a%2Eb.c");
}

TEST(RunFiles, AreKnownAgain) {
  const std::vector<RunFile> files = run_files({run_name("a-b", kNoon, 7) + ".csv", "x=1/y=%2F/" + run_name("o", kNoon, 7) + "-12.parquet"}, "d");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].table, "a-b");
  EXPECT_EQ(files[1].table, "o");
  EXPECT_EQ(files[1].name, "x=1/y=%2F/o-20261126T120000000000Z-7-12.parquet");
}

TEST(RunFiles, OthersAreRefusedByName) {
  const std::string ours = run_name("orders", kNoon, 7);
  const std::vector<std::string> others = {"notes.txt", ours, ours + ".txt", "sub/" + ours + ".csv", "=x/" + ours + ".csv",
                                           "x=1/data_0.parquet", ours + ".csv.bak", "-20261126T120000000000Z-7.csv"};
  for (const std::string& name : others) {
    try {
      run_files({ours + ".csv", name}, "/data/out");
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      EXPECT_NE(std::string(error.what()).find("/data/out, and " + name + " in it"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace ingestr::file_output
