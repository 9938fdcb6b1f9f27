// How many requests may be sent in a second, by everybody together.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>

#include "base/clock.h"
#include "http/client.h"

namespace ingestr {

// At most `per_second` requests arrive in any second. Servers count arrivals, which we do not see; but a request has arrived
// before it is answered, and cannot arrive before it leaves. So there are `per_second` places, each request takes one, and a
// place is free again one second after its request was answered: whatever slows requests down on their way, no two of one
// place arrive within a second. Answers that take long so cost some of the rate: 100 a second become 83 at 200 ms.
//
// Thread-safe; one for all who share a limit. The first `per_second` go at once: a burst at the start is within the limit.
class RateLimit {
 public:
  // Below 1, e.g. 0.5, it is one request in 1/per_second seconds. Otherwise fractions are cut off.
  RateLimit(double per_second, Clock& clock);

  // Waits until a request may leave, and takes its place. First come, first served. Throws Error(cancelled) as soon as
  // `stop` is requested. Who has entered calls answered() once.
  void enter(std::stop_token stop);

  // A request that entered was answered at `time`, or failed then: it arrives no later.
  void answered(SteadyTime time);

  // Nobody leaves before `time`, those who wait already included. An earlier time than the one in
  // force changes nothing.
  void pause_until(SteadyTime time);

 private:
  Clock& clock_;
  const SteadyTime::duration window_;  // how long a place rests after an answer

  std::mutex mutex_;
  std::condition_variable_any turn_;
  uint64_t next_ticket_ = 0;
  std::set<uint64_t> waiting_;           // tickets; the lowest is next
  std::multiset<SteadyTime> free_from_;  // of each place that nobody holds
  SteadyTime paused_until_{};
};

// Asks `limit` before each request.
class RateLimitedClient final : public HttpClient {
 public:
  RateLimitedClient(std::unique_ptr<HttpClient> next, std::shared_ptr<RateLimit> limit,
                    Clock& clock, std::stop_token stop);
  HttpResponse send(const HttpRequest& request) override;

 private:
  std::unique_ptr<HttpClient> next_;
  std::shared_ptr<RateLimit> limit_;
  Clock& clock_;
  std::stop_token stop_;
};

}  // namespace ingestr
