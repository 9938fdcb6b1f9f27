// A TCP server on a free loopback port that does to its clients what a real one does on a bad day.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ingestr {

// One connection, on a thread of the server's.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // The next request with its body (by Content-Length), as it came; "" when the client closed.
  std::string read_request();
  void write(std::string_view bytes);
  // Closes with RST instead of FIN: "connection reset by peer".
  void reset();
  // Waits until the client closes, or the server ends.
  void wait_for_close();

 private:
  int socket_;
  std::string buffer_;
};

class SocketServer {
 public:
  // `serve` has a connection for itself; the connection is closed when it returns.
  explicit SocketServer(std::function<void(Peer&)> serve);
  ~SocketServer();  // shuts all connections and waits for their threads
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;  // "http://127.0.0.1:PORT/"
  int connections() const { return connections_; }     // accepted so far

 private:
  void accept_all();

  std::function<void(Peer&)> serve_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// "HTTP/1.1 200 OK" with a Content-Length and more headers (each "Name: value\r\n") and the body.
std::string http_answer(std::string_view body, std::string_view headers = "",
                        std::string_view status = "200 OK");

// A loopback port on which nobody listens, nor can while this lives.
class SilentPort {
 public:
  SilentPort();
  ~SilentPort();
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  uint16_t port() const { return port_; }

 private:
  int socket_ = -1;
  uint16_t port_ = 0;
};

}  // namespace ingestr
