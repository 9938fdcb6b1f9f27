// Trying again, and for how long to wait before.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>

#include "base/error.h"
#include "http/client.h"
#include "http/services.h"

namespace ingestr {

// How long an answer asks to be left alone: Retry-After (RFC 9110 10.2.3) as seconds or as an
// HTTP-date. A date is measured from the answer's own Date header, so that a clock that is wrong
// here does no harm; from `now` when it has none. Dates in the past give 0. Nothing when there is
// no such header or it cannot be understood.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response, SystemTime now);

// How long to wait after the `failures`-th failure in a row (1 or more): 1 s, doubled each time, at
// most 60 s, with up to half of it on top by `random` (0 to 1) so that those who failed together do
// not come back together.
std::chrono::milliseconds backoff(int failures, double random);

// What an answer means: nothing when it is good, else the Error to throw. Called by all threads.
using Judge = std::function<std::optional<Error>(const HttpRequest&, const HttpResponse&)>;

struct RetryOptions {
  int attempts = 6;  // the first one included
  Judge judge{};
  // Called at each 429, on the sender's thread, with the time until which the server wants no
  // requests. Nothing else is told of a 429 that a later attempt gets over.
  std::function<void(SteadyTime until)> on_rate_limited{};
  uint64_t seed = 0;  // of the jitter
};

// Sends until the judge is content. An Error of kind unavailable or rate_limited, be it thrown or
// judged, is tried again after a wait: the longer one of backoff() and what retry_after() says, the
// latter taken as 1 s at least; never more than 60 s. Only where the request is repeatable. After
// the last attempt: an Error of the same kind that names the request, the number of attempts and
// the last failure. All other errors pass. Each wait is logged.
class RetryClient final : public HttpClient {
 public:
  RetryClient(std::unique_ptr<HttpClient> next, RetryOptions options, const HttpServices& services);
  HttpResponse send(const HttpRequest& request) override;

 private:
  struct Attempt {
    std::optional<HttpResponse> response;  // nothing: no whole answer came
    std::optional<Error> error;            // nothing: success
  };
  Attempt attempt(const HttpRequest& request);
  struct Waits {
    std::chrono::milliseconds ours;        // before this request is sent again
    std::chrono::milliseconds everybodys;  // what the server wants of all, should it be a 429
  };
  Waits waits_after(const Attempt& failed, int failures);
  double random();

  std::unique_ptr<HttpClient> next_;
  const RetryOptions options_;
  HttpServices services_;
  std::mutex mutex_;
  std::mt19937_64 generator_;  // by mutex_
};

}  // namespace ingestr
