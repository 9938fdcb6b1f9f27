// HTTP as one method. Everything else (retry, rate limit, tests' replays) wraps it.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace ingestr {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, upper and lower case being the same (RFC 9110 5.1).
// The view lives as long as the headers.
std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  std::string method = "GET";
  std::string url{};  // absolute; or a path starting with "/" where the client has a base URL
  HttpHeaders headers{};
  std::string body{};
  // Sending it twice does no harm. True for GET, and for a POST that only asks a question.
  bool repeatable = true;
  // Statuses of 300 or more that are answers and no failures for who asks, e.g. 404.
  std::vector<int> accepted{};
  // Requested when nobody wants the answer any more: whatever waits throws Error(cancelled), and what
  // has not left stays here.
  std::stop_token unwanted{};
  bool follows_redirects = true;  // a request that is signed is signed for one place
};

// "POST /v2/objects/people/query", or with "https://host" in front when the URL has it: fit for
// people and logs. Never the query, nor a user name or password inside the URL: they may be
// secrets.
std::string describe(const HttpRequest& request);

struct HttpResponse {
  int status = 0;
  HttpHeaders headers{};  // names in lower case
  std::string body{};     // decompressed; at least kBodyPadding spare bytes of capacity behind it
  // When its first byte came, for the rate limit's books. A transport that does not know leaves it at nothing.
  std::optional<SteadyTime> answered_at{};

  std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
};

// What simdjson wants to be allowed to read behind a text.
inline constexpr size_t kBodyPadding = 64;

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Thread-safe. Answers with whatever status the server gave, unless a wrapper promises more.
  // Throws Error(unavailable) when no whole answer came back, Error(cancelled) when asked to stop.
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

}  // namespace ingestr
