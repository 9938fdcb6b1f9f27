#include "base/behind_links.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_directory.h"

namespace ingestr {
namespace {
namespace fs = std::filesystem;

// releases/42 is called current.
class BehindLinks : public testing::Test {
 protected:
  BehindLinks() {
    fs::create_directories(top_ / "releases/42");
    fs::create_directory_symlink("releases/42", top_ / "current");
  }

  const TemporaryDirectory directory_;
  const fs::path top_ = fs::canonical(directory_.path());
};

TEST_F(BehindLinks, WhatIsAboveIsAboveWhatALinkLeadsTo) {
  EXPECT_EQ(behind_links(top_ / "current/../out.csv"), top_ / "releases/out.csv");
  EXPECT_EQ(behind_links(top_ / "current/x/../out.csv"), top_ / "releases/42/out.csv");
}

TEST_F(BehindLinks, ALinkIsReadFromWhereItLies) {
  fs::create_symlink("../shared/out.csv", top_ / "releases/42/out.csv");
  EXPECT_EQ(behind_links(top_ / "current/out.csv"), top_ / "releases/shared/out.csv");
  fs::create_directory(top_ / "releases/shared");
  std::ofstream(top_ / "releases/shared/out.csv") << "a\n";
  EXPECT_EQ(behind_links(top_ / "current/out.csv"), top_ / "releases/shared/out.csv");
}

TEST_F(BehindLinks, ACircleStays) {
  fs::create_symlink("loop.csv", top_ / "loop.csv");
  EXPECT_EQ(behind_links(top_ / "loop.csv"), top_ / "loop.csv");
}

}  // namespace
}  // namespace ingestr
