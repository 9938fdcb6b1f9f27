#include "sftp/socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"

namespace ingestr::sftp {
namespace {

using Moment = std::chrono::steady_clock::time_point;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

constexpr auto kTick = std::chrono::milliseconds(20);

void check(const std::stop_token& stop) {
  throw_if_stopped(stop);
}

// The system's resolver cannot be told to stop, so a thread that may outlive the wait asks it.
Addresses look_up(const Authority& server, Moment end, const std::stop_token& stop) {
  std::promise<std::pair<int, addrinfo*>> promise;
  std::future<std::pair<int, addrinfo*>> answer = promise.get_future();
  std::thread([promise = std::move(promise), host = server.host, port = std::to_string(server.port)]() mutable {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    promise.set_value({error, found});
  }).detach();
  while (answer.wait_for(kTick) != std::future_status::ready) {
    check(stop);
    if (std::chrono::steady_clock::now() > end) break;
  }
  const bool is_ready = answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  const auto [error, found] = is_ready ? answer.get() : std::pair<int, addrinfo*>{EAI_AGAIN, nullptr};
  if (error != 0) {
    throw Error(ErrorKind::unavailable, fmt::format("cannot find the host {} ({}); is its name right and the network up?", server.host,
                                                    ::gai_strerror(error)));
  }
  return {found, ::freeaddrinfo};
}

// 0, or what the system says.
int wait_until_connected(int descriptor, Moment end, const std::stop_token& stop) {
  for (;;) {
    check(stop);
    pollfd wait{descriptor, POLLOUT, 0};
    if (::poll(&wait, 1, static_cast<int>(kTick.count())) > 0) break;
    if (std::chrono::steady_clock::now() > end) return ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

int connect_to(const Authority& server, std::chrono::milliseconds patience, const std::stop_token& stop) {
  const Moment end = std::chrono::steady_clock::now() + patience;
  const Addresses addresses = look_up(server, end, stop);
  int error = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int descriptor = ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      error = errno;
      continue;
    }
    try {
      error = ::connect(descriptor, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
      if (error == EINPROGRESS) error = wait_until_connected(descriptor, end, stop);
    } catch (...) {
      ::close(descriptor);
      throw;
    }
    if (error == 0) {
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return descriptor;
    }
    ::close(descriptor);
  }
  const char* advice = error == ECONNREFUSED ? "nothing answers there; is the port right and the server up?" : "is the network up?";
  throw Error(ErrorKind::unavailable, fmt::format("cannot connect to {} ({}); {}", server.server(), std::strerror(error), advice));
}

}  // namespace ingestr::sftp
