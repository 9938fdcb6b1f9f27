// Server: HTTP/1.1 on a loopback socket, around a Handler. The only user of cpp-httplib.
#pragma once

#include <memory>

#include "exchange.h"

namespace sandbox {

class Server {
 public:
  // `handler` is called from many threads at once. With `gzip`, bodies go out compressed to clients
  // that accept it.
  Server(Handler handler, bool gzip);
  ~Server();

  // Binds to 127.0.0.1 and returns the port; 0 asks for a free one. Throws std::runtime_error.
  int bind(int port);

  // Serves until stop(). Returns when all connections are closed.
  void run();

  // From any thread but a handler's. Closes idle connections at once; those with an answer under
  // way get it cut off.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sandbox
