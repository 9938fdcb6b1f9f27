#include "support/socket_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace ingestr {
namespace {

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A socket bound to a free port, and the port.
std::pair<int, uint16_t> bind_free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback();
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket < 0 || bind(socket, generic, size) != 0 || getsockname(socket, generic, &size) != 0) {
    throw std::runtime_error("cannot bind a loopback socket");
  }
  return {socket, ntohs(address.sin_port)};
}

size_t content_length(std::string_view head) {
  for (const std::string& line : split(head, '\n')) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || !equal_ignoring_case(line.substr(0, colon), "content-length"))
      continue;
    const std::string_view text = trim(std::string_view(line).substr(colon + 1));
    size_t length = 0;
    std::from_chars(text.data(), text.data() + text.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

Peer::~Peer() {
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

std::string Peer::read_request() {
  for (;;) {
    if (const size_t end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      const size_t size = end + 4 + content_length(buffer_.substr(0, end));
      if (buffer_.size() >= size) {
        std::string request = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return request;
      }
    }
    char bytes[4096];
    const ssize_t count = recv(socket_, bytes, sizeof(bytes), 0);
    if (count <= 0) return {};
    buffer_.append(bytes, static_cast<size_t>(count));
  }
}

void Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void Peer::reset() {
  // Without lingering, the close that follows throws away what is under way.
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  socket_ = -1;  // no orderly shutdown in between
}

void Peer::wait_for_close() {
  char byte = 0;
  while (recv(socket_, &byte, 1, 0) > 0) {
  }
}

SocketServer::SocketServer(std::function<void(Peer&)> serve) : serve_(std::move(serve)) {
  std::tie(listener_, port_) = bind_free_port();
  if (listen(listener_, 64) != 0) throw std::runtime_error("cannot listen on a loopback socket");
  acceptor_ = std::thread([this] { accept_all(); });
}

SocketServer::~SocketServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void SocketServer::accept_all() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    std::lock_guard lock(mutex_);
    open_.push_back(socket);
    threads_.emplace_back([this, socket] {
      {
        Peer peer(socket);
        serve_(peer);
      }
      std::lock_guard closing(mutex_);
      std::erase(open_, socket);
      close(socket);
    });
  }
}

std::string SocketServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::string http_answer(std::string_view body, std::string_view headers, std::string_view status) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers,
                     body);
}

SilentPort::SilentPort() {
  std::tie(socket_, port_) = bind_free_port();
}

SilentPort::~SilentPort() {
  close(socket_);
}

}  // namespace ingestr
