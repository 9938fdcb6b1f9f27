// HangUpWatch: ends the sending on a connection whose other side has ended its own.
#pragma once

#include <thread>

namespace ingestr::database {

// Who sends much waits until the other side takes it. A server that has ended the session takes nothing any more, and its system may say so
// minutes later only; that it sends nothing any more is known at once. So a thread of our own waits for that, and sending fails then. What
// the server said before can still be read.
class HangUpWatch {
 public:
  // The socket, which is somebody else's, outlives it.
  explicit HangUpWatch(int socket);
  ~HangUpWatch();
  HangUpWatch(const HangUpWatch&) = delete;
  HangUpWatch& operator=(const HangUpWatch&) = delete;

 private:
  void wait() const;

  const int socket_;
  const int done_;  // an eventfd; where the system has none, nothing is watched
  std::jthread thread_;
};

}  // namespace ingestr::database
