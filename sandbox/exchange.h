// Request and Reply: one exchange as the sandbox sees it, free of any HTTP library.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

struct Request {
  std::string method;
  std::string target;  // path and query string, still percent-encoded
  std::string body;
  std::string authorization;
  std::string user_agent;
  std::string accept_encoding;
};

// How much of the reply reaches the client.
enum class Delivery {
  complete,
  reset,          // nothing: TCP reset
  reset_in_body,  // all headers, half of the body, TCP reset
  close_in_body,  // all headers, half of the body, an orderly close
  stall_in_body,  // half of the body, a pause of `stall_seconds`, the rest
};

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  Delivery delivery = Delivery::complete;
  double stall_seconds = 0;
};

using Handler = std::function<Reply(const Request&)>;

}  // namespace sandbox
