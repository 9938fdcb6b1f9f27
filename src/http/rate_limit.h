// How many requests may leave in a second, for everybody together.
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

// At most `per_second` requests in any second, counted where they arrive. Thread-safe; one for all
// who share a limit. The first `per_second` go at once: a burst at the start is within the limit.
class RateLimit {
 public:
  // Below 1, e.g. 0.5, it is one request in 1/per_second seconds. Otherwise fractions are cut off.
  RateLimit(double per_second, Clock& clock);

  // Waits until a request may leave, and counts it as leaving now: that time is returned. First
  // come, first served. Throws Error(cancelled) as soon as `stop` is requested.
  SteadyTime enter(std::stop_token stop);

  // Corrects the books: the request that enter() let go at `entered` really left at `sent`, for
  // example because its connection had to be made first. Earlier than `entered` changes nothing.
  void sent(SteadyTime entered, SteadyTime sent);

  // Nobody leaves before `time`, those who wait already included. An earlier time than the one in
  // force changes nothing.
  void pause_until(SteadyTime time);

 private:
  SteadyTime next_departure() const;  // with mutex_ held

  Clock& clock_;
  const size_t count_;                 // so many requests
  const SteadyTime::duration window_;  // in so long a time

  std::mutex mutex_;
  std::condition_variable_any turn_;
  uint64_t next_ticket_ = 0;
  std::set<uint64_t> waiting_;            // tickets; the lowest is next
  std::multiset<SteadyTime> departures_;  // the latest count_ of them
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
