#include "destinations/files/workplace.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "destinations/files/directory.h"
#include "support/temporary_directory.h"

namespace ingestr::file_output {
namespace {
namespace fs = std::filesystem;

constexpr const char* kOld = "orders-20260101T120000000000Z-7.parquet";
constexpr const char* kNew = "orders-20260102T120000000000Z-7.parquet";

TEST(TemporaryWorkplace, ManyHaveADirectoryAndAProcessNumberInCommon) {
  const TemporaryDirectory directory;
  const MapEnvironment environment({{"TMPDIR", directory.path().string()}});
  const auto first = temporary_workplace(environment), second = temporary_workplace(environment);
  EXPECT_EQ(first->path().parent_path(), directory.path());
  EXPECT_NE(first->path(), second->path());
  EXPECT_TRUE(fs::exists(first->path()) && fs::exists(second->path()));
}

class SwappedDirectory : public ::testing::Test {
 protected:
  SwappedDirectory() {
    fs::create_directory(out_);
    std::ofstream(out_ / kOld) << "old";
  }

  void replace() {
    Workplace workplace(Target{.path = out_, .is_directory = true});
    std::ofstream(workplace.path() / "0") << "new";
    publish_into(out_, workplace, {Finished{.path = workplace.path() / "0", .name = kNew}}, {"orders"});
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const RunFile& file : run_files_of(out_)) names.push_back(file.name);
    return names;
  }

  const TemporaryDirectory above_;
  const fs::path out_ = above_.path() / "out", fresh_ = above_.path() / "out.ingestr.tmp";
};

TEST_F(SwappedDirectory, KeepsItsMode) {
  for (const fs::perms mode : {fs::perms::owner_all | fs::perms::group_exec, fs::perms::all}) {
    fs::permissions(out_, mode);
    replace();
    EXPECT_EQ(fs::status(out_).permissions(), mode);
  }
  EXPECT_EQ(above_.names(), std::vector<std::string>{"out"});
}

TEST_F(SwappedDirectory, WhatAKilledRunLeftGoes) {
  fs::create_directories(fresh_ / "below");
  replace();
  EXPECT_EQ(names(), std::vector<std::string>{kNew});
  EXPECT_EQ(above_.names(), std::vector<std::string>{"out"});
}

TEST_F(SwappedDirectory, ALinkInTheWayIsRefusedAndWhatItNamesIsUntouched) {
  fs::create_directory(above_.path() / "other");
  std::ofstream(above_.path() / "other" / "file") << "of somebody";
  fs::create_directory_symlink("other", fresh_);
  try {
    replace();
    ADD_FAILURE() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              fresh_.string() + " is in the way: it is a link, no directory or another user's; remove it, or write elsewhere");
  }
  EXPECT_TRUE(fs::exists(fresh_ / "file"));
  EXPECT_EQ(names(), std::vector<std::string>{kOld});
}

}  // namespace
}  // namespace ingestr::file_output
