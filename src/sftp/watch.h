// Watch: ends a connection on which nothing moves any more, or that nobody wants any more, from beside whoever waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

namespace ingestr::sftp {

// libssh waits without an end for what a server owes it, and cannot be told to stop: so a thread of our own looks at the socket
// and shuts it down, whereupon all calls fail.
class Watch {
 public:
  enum class End { none, stopped, stalled };

  // Takes over `socket`, a descriptor of its own for the connection.
  Watch(int socket, std::stop_token stop);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // While one lives somebody waits for the server: `patience` without a byte in either direction ends the connection.
  class Waiting {
   public:
    Waiting(Watch& watch, std::chrono::milliseconds patience);
    ~Waiting() { watch_.patience_ = 0; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Watch& watch_;
  };

  // Why it has ended the connection.
  End end() const { return end_; }

 private:
  void look(const std::stop_token& own);
  uint64_t moved() const;

  const int socket_;
  const std::stop_token stop_;
  std::atomic<int64_t> patience_{0};  // in milliseconds; 0: nobody waits
  std::atomic<uint64_t> waits_{0};    // so far
  std::atomic<End> end_{End::none};
  std::jthread thread_;
};

}  // namespace ingestr::sftp
