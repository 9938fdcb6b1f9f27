#include "sftp/place.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "engine/remote_place.h"
#include "support/fault.h"
#include "support/world.h"

namespace ingestr::sftp {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFingerprint = "SHA256:ENz9v+BRz3ElSjCU0Sqz+Dp+sW8v+zDyUwDib1aSe/o";

class SftpPlace : public testing::Test {
 protected:
  Place place(std::string_view uri) {
    const std::vector<RemotePlace> places = remote_places();
    return place_of(*std::ranges::find_if(places, &RemotePlace::speaks_sftp), parse_uri(uri), world_.context());
  }
  std::string fault(std::string_view uri) {
    return usage_fault(uri, [&] { place(uri); });
  }

  World world_;
};

TEST_F(SftpPlace, AllParts) {
  const Place all = place("sftp://me:p%40ss@[::1]:2222/a%20b/*.csv?identity_file=/k&passphrase=phrase&known_hosts=/h");
  EXPECT_EQ(all.who.user, "me");
  EXPECT_EQ(all.who.password, "p@ss");
  EXPECT_EQ(all.who.server(), "[::1]:2222");
  EXPECT_EQ(all.path, "/a%20b/*.csv");
  EXPECT_EQ(all.identity_file, "/k");
  EXPECT_EQ(all.passphrase, "phrase");
  EXPECT_EQ(all.known_hosts, "/h");
  EXPECT_EQ(world_.secrets.redact("p@ss p%40ss phrase"), "*** *** ***");
}

TEST_F(SftpPlace, APathMayHoldWhatParts) {
  EXPECT_EQ(place("sftp://me@host/a@b:c/x.csv").who.host, "host");
  EXPECT_EQ(place("sftp://me@host/a@b:c/x.csv").path, "/a@b:c/x.csv");
  EXPECT_EQ(place("sftp://me@host").path, "");
  EXPECT_EQ(place("sftp://me@host").who.port, 22);
}

TEST_F(SftpPlace, AFingerprintInEveryForm) {
  EXPECT_EQ(place(fmt::format("sftp://me@h/x?host_fingerprint={}", percent_encode(kFingerprint))).host_fingerprint, kFingerprint);
  EXPECT_EQ(place(fmt::format("sftp://me@h/x?host_fingerprint={}", kFingerprint)).host_fingerprint, kFingerprint);
  EXPECT_EQ(place(fmt::format("sftp://me@h/x?host_fingerprint={}=", kFingerprint + 7)).host_fingerprint, kFingerprint);
  EXPECT_THAT(fault("sftp://me@h/x?host_fingerprint=MD5:aa"), HasSubstr("host_fingerprint is no SHA-256 fingerprint"));
}

TEST_F(SftpPlace, WhatIsWrongIsNamedWithoutThePassword) {
  EXPECT_EQ(fault("sftp:///x.csv"), "the sftp:// URI names no host; write sftp://user:password@host:port/path");
  EXPECT_THAT(fault("sftp://me:s3cret@h:70000/x"), AllOf(HasSubstr("no number from 1 to 65535"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(fault("sftp://me:s3/cret@h/x"), Not(HasSubstr("s3")));
}

TEST(SftpPath, WhereALoginBegins) {
  EXPECT_EQ(server_path("/data/x"), "/data/x");
  EXPECT_EQ(server_path("/~/data/x"), "data/x");
  EXPECT_EQ(server_path("x"), "x");
  for (const char* path : {"", "/~", "/~/"}) EXPECT_EQ(server_path(path), ".");
}

TEST(SftpPath, AsPeopleSeeIt) {
  Authority who{"me", "s3cret", "h", 22};
  EXPECT_EQ(shown(who, "/data/x"), "sftp://h/data/x");
  EXPECT_EQ(shown(who, "x"), "sftp://h/~/x");
  EXPECT_EQ(shown(who, "."), "sftp://h/~/");
  who.port = 2222;
  EXPECT_EQ(shown(who, "/"), "sftp://h:2222/");
}

}  // namespace
}  // namespace ingestr::sftp
