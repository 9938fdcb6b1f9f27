// The HTTP client that connectors use: curl -> base URL -> rate limit -> status to Error -> whole
// JSON -> retry.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/client.h"
#include "http/curl.h"
#include "http/services.h"
#include "http/status.h"

namespace ingestr {

struct HttpOptions {
  // "https://host/v2". Put in front of a request's URL that starts with "/".
  std::string base_url{};
  // Sent with every request below base_url (with every request at all where there is none), e.g.
  // Authorization; a request's own header of the same name wins. Requests to other places (an
  // absolute URL) do not get them: they are secrets of the server at base_url.
  HttpHeaders headers{};
  double requests_per_second = 100;  // over any one second, all threads and retries included
  int attempts = 6;                  // the first one included
  // That a run sends at most, counted in Counters::requests. One more is refused with Error(used_up). 0: any number.
  uint64_t most_requests = 0;
  // Turns an answer of 300 or more into the Error to throw. Its kind decides: rate_limited and
  // unavailable are retried, others are final. Its text may start with describe(request). Empty:
  // error_of_status.
  std::function<Error(const HttpRequest&, const HttpResponse&)> to_error{};
};

// The full stack around `transport` (curl in production, a replay in tests). Its send() returns
// only answers of 2xx whose body is one whole JSON value, or that have no body by their status
// (204); it waits and retries as in retry.h; a 429 makes all its requests wait. Adds `Accept:
// application/json`, and to bodies `Content-Type: application/json`. Counts requests, retries and
// bytes; tells each exchange to the debug log, without query, headers and bodies. Besides what
// to_error makes, throws Error(unavailable) when all attempts failed, Error(cancelled).
std::unique_ptr<HttpClient> make_http_client(std::unique_ptr<HttpClient> transport,
                                             HttpOptions options, const HttpServices& services);

}  // namespace ingestr
