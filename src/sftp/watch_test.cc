#include "sftp/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "sftp/session.h"
#include "support/socket_server.h"

namespace ingestr::sftp {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// Two ends of a connection, of which one is watched.
class SftpWatch : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0);
    watch_ = std::make_unique<Watch>(::dup(ends_[0]), stop_.get_token());
  }
  void TearDown() override {
    for (const int end : ends_) ::close(end);
  }
  // Waits until the connection is shut down.
  void read_to_end() {
    char byte = 0;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 0);
  }

  int ends_[2]{};
  std::stop_source stop_;
  std::unique_ptr<Watch> watch_;
};

TEST_F(SftpWatch, EndsAWaitInWhichNothingMoves) {
  const Watch::Waiting waiting(*watch_, milliseconds(60));
  read_to_end();
  EXPECT_EQ(watch_->end(), Watch::End::stalled);
}

TEST_F(SftpWatch, EndsAWaitThatNobodyWantsAnyMore) {
  const Watch::Waiting waiting(*watch_, milliseconds(60'000));
  stop_.request_stop();
  read_to_end();
  EXPECT_EQ(watch_->end(), Watch::End::stopped);
}

TEST_F(SftpWatch, LetsAConnectionBeWhileNobodyWaits) {
  { const Watch::Waiting waiting(*watch_, milliseconds(1'000)); }
  std::this_thread::sleep_for(milliseconds(80));
  EXPECT_EQ(watch_->end(), Watch::End::none);
  EXPECT_EQ(::write(ends_[1], "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
}

TEST(SftpSession, AServerThatNeverSpeaks) {
  SocketServer silent([](Peer& peer) { peer.wait_for_close(); });
  Place place;
  place.who = {"me", "s3cret", "127.0.0.1", silent.port()};
  try {
    const Session session(place, {milliseconds(100), milliseconds(100)}, {});
    ADD_FAILURE() << "there is a session";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("does not answer as an SFTP server does within 0.1 s"));
  }
}

}  // namespace
}  // namespace ingestr::sftp
