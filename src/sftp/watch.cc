#include "sftp/watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

namespace ingestr::sftp {
namespace {

constexpr auto kLook = std::chrono::milliseconds(20);

}  // namespace

Watch::Watch(int socket, std::stop_token stop)
    : socket_(socket), stop_(std::move(stop)), thread_([this](const std::stop_token& own) { look(own); }) {}

Watch::~Watch() {
  thread_.request_stop();
  thread_.join();
  ::close(socket_);
}

Watch::Waiting::Waiting(Watch& watch, std::chrono::milliseconds patience) : watch_(watch) {
  ++watch_.waits_;
  watch_.patience_ = patience.count();
}

// What the other side has got counts, not what waits here to be sent.
uint64_t Watch::moved() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked + info.tcpi_bytes_received;
}

void Watch::look(const std::stop_token& own) {
  uint64_t last_moved = 0, last_wait = 0;
  auto since = std::chrono::steady_clock::now();
  while (!own.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::milliseconds patience(patience_);
    const uint64_t bytes = moved(), wait = waits_;
    if (bytes != last_moved || wait != last_wait || patience.count() == 0) since = now;
    last_moved = bytes;
    last_wait = wait;
    if (stop_.stop_requested() || (patience.count() > 0 && now - since > patience)) {
      end_ = stop_.stop_requested() ? End::stopped : End::stalled;
      ::shutdown(socket_, SHUT_RDWR);
      return;
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace ingestr::sftp
