#include "database/hang_up.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace ingestr::database {
namespace {

class HangUp : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  void TearDown() override {
    for (const int end : ends_) ::close(end);
  }
  // Sends until somebody ends it; the other side takes nothing.
  int send_to_end() {
    const char bytes[4096]{};
    while (::send(ends_[0], bytes, sizeof bytes, MSG_NOSIGNAL) > 0) {
    }
    return errno;
  }

  int ends_[2]{};
};

TEST_F(HangUp, EndsWhoWaitsForASideThatHasEndedItsOwn) {
  const HangUpWatch watch(ends_[0]);
  ASSERT_EQ(::send(ends_[1], "last", 4, 0), 4);
  std::jthread other([this] { ::shutdown(ends_[1], SHUT_WR); });
  EXPECT_EQ(send_to_end(), EPIPE);
  char words[4];
  EXPECT_EQ(::read(ends_[0], words, sizeof words), 4);
}

TEST_F(HangUp, LetsAConnectionBeThatIsWhole) {
  { const HangUpWatch watch(ends_[0]); }
  EXPECT_EQ(::send(ends_[0], "x", 1, MSG_NOSIGNAL), 1);
  char byte = 0;
  EXPECT_EQ(::read(ends_[1], &byte, 1), 1);
}

}  // namespace
}  // namespace ingestr::database
