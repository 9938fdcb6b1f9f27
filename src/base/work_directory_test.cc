#include "base/work_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "support/temporary_directory.h"

namespace ingestr {
namespace {
namespace fs = std::filesystem;

class WorkDirectories : public ::testing::Test {
 protected:
  void refused(ErrorKind kind, const std::string& words) {
    try {
      const WorkDirectory directory(path_);
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind);
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  }

  fs::perms mode() const { return fs::status(path_).permissions(); }

  const TemporaryDirectory above_;
  const fs::path path_ = above_.path() / "work";
};

TEST_F(WorkDirectories, NobodyElseMayEnter) {
  const mode_t before = ::umask(0);
  const WorkDirectory directory(path_);
  ::umask(before);
  EXPECT_EQ(mode(), fs::perms::owner_all);
}

TEST_F(WorkDirectories, ADeadRunsIsTakenOverAndNobodyElseMayEnterThen) {
  fs::create_directories(path_ / "spill" / "below");
  std::ofstream(path_ / "rows") << "left";
  fs::permissions(path_, fs::perms::all);
  {
    const WorkDirectory directory(path_);
    EXPECT_EQ(mode(), fs::perms::owner_all);
    EXPECT_TRUE(fs::is_empty(path_));
    std::ofstream(path_ / "rows") << "new";
  }
  EXPECT_TRUE(above_.names().empty());
}

TEST_F(WorkDirectories, OneRunAtATime) {
  const WorkDirectory directory(path_);
  refused(ErrorKind::conflict, "another run is writing there");
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(WorkDirectories, ALinkInTheWayIsRefusedAndWhatItNamesIsUntouched) {
  fs::create_directory(above_.path() / "other");
  std::ofstream(above_.path() / "other" / "file") << "of somebody";
  fs::permissions(above_.path() / "other", fs::perms::owner_all | fs::perms::group_read);
  fs::create_directory_symlink("other", path_);
  refused(ErrorKind::auth, path_.string() + " is in the way: it is a link");
  EXPECT_TRUE(fs::exists(path_ / "file") && fs::is_symlink(path_));
  EXPECT_EQ(mode(), fs::perms::owner_all | fs::perms::group_read);
  fs::remove(path_);
  std::ofstream(path_) << "a file";
  refused(ErrorKind::auth, "is in the way");
}

TEST_F(WorkDirectories, OneOfAnotherUserIsRefusedAndUntouched) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  fs::create_directory(path_);
  std::ofstream(path_ / "file") << "of somebody";
  ASSERT_EQ(::chown(path_.c_str(), 65534, 65534), 0);
  refused(ErrorKind::auth, "another user's");
  remove_dead_runs(above_.path(), "wo");
  EXPECT_TRUE(fs::exists(path_ / "file"));
}

TEST_F(WorkDirectories, OneThatIsRefusedHoldsNoLock) {
  {
    const WorkDirectory directory(path_);
    refused(ErrorKind::conflict, "another run");
  }
  const WorkDirectory again(path_);
}

TEST_F(WorkDirectories, WhatDeadRunsLeftGoesAndLinksAreNotFollowed) {
  const WorkDirectory living(above_.path() / "work-1");
  fs::create_directories(above_.path() / "work-2" / "spill");
  fs::create_directories(above_.path() / "other");
  fs::create_directory_symlink("other", above_.path() / "work-3");
  remove_dead_runs(above_.path(), "work-");
  EXPECT_EQ(above_.names(), (std::vector<std::string>{"other", "work-1", "work-3"}));
  remove_dead_runs(above_.path() / "none", "work-");
}

}  // namespace
}  // namespace ingestr
