#include "database/hang_up.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace ingestr::database {

HangUpWatch::HangUpWatch(int socket) : socket_(socket), done_(::eventfd(0, EFD_CLOEXEC)) {
  if (done_ >= 0) thread_ = std::jthread([this] { wait(); });
}

HangUpWatch::~HangUpWatch() {
  if (done_ < 0) return;
  ::eventfd_write(done_, 1);
  thread_.join();
  ::close(done_);
}

void HangUpWatch::wait() const {
  pollfd watched[] = {{done_, POLLIN, 0}, {socket_, POLLRDHUP, 0}};
  while (::poll(watched, 2, -1) < 0) {
    if (errno != EINTR) return;
  }
  if (watched[1].revents != 0) ::shutdown(socket_, SHUT_WR);
}

}  // namespace ingestr::database
