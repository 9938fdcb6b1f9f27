#include "http/rate_limit.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "http/either_stop.h"

namespace ingestr {
namespace {

// Servers count arrivals, we count departures. Two requests that leave 1 s apart arrive closer
// together than that when the second one travels faster. What makes a journey long by far is
// connecting (0.6 s with TLS over a slow line), and sent() takes that out; what remains is jitter
// of the line and of the two schedulers, which this margin covers. It costs 9 % of the rate.
constexpr double kMargin = 1.1;

size_t count_of(double per_second) {
  return per_second < 1 ? 1 : static_cast<size_t>(per_second);
}

SteadyTime::duration window_of(double per_second) {
  const double seconds = per_second < 1 ? 1 / per_second : 1;
  return std::chrono::duration_cast<SteadyTime::duration>(
      std::chrono::duration<double>(seconds * kMargin));
}

}  // namespace

RateLimit::RateLimit(double per_second, Clock& clock)
    : clock_(clock), count_(count_of(per_second)), window_(window_of(per_second)) {}

SteadyTime RateLimit::next_departure() const {
  // Of the latest count_ departures the first one must lie a window back.
  return departures_.size() < count_ ? paused_until_
                                     : std::max(paused_until_, *departures_.begin() + window_);
}

SteadyTime RateLimit::enter(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  // A queue of tickets and not a mutex to queue at: a mutex lets late comers overtake.
  const uint64_t ticket = next_ticket_++;
  waiting_.insert(ticket);
  struct Leave {
    RateLimit& limit;
    uint64_t ticket;
    ~Leave() {
      limit.waiting_.erase(ticket);
      limit.turn_.notify_all();
    }
  } leave{*this, ticket};  // while `lock` is held

  const bool first = turn_.wait(lock, stop, [&] { return *waiting_.begin() == ticket; });
  if (!first || stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
  for (;;) {
    const SteadyTime now = clock_.steady();
    const SteadyTime due = next_departure();
    if (due <= now) {
      departures_.insert(now);
      if (departures_.size() > count_) departures_.erase(departures_.begin());
      return now;
    }
    // Others may correct the books or pause us meanwhile, hence the loop.
    lock.unlock();
    try {
      clock_.sleep_until(due, stop);
    } catch (...) {
      lock.lock();
      throw;
    }
    lock.lock();
  }
}

void RateLimit::sent(SteadyTime entered, SteadyTime sent) {
  if (sent <= entered) return;
  std::lock_guard lock(mutex_);
  // Not found: so many left after it that it does not matter any more, unless it really left later
  // than they did.
  if (const auto it = departures_.find(entered); it != departures_.end()) departures_.erase(it);
  departures_.insert(sent);
  if (departures_.size() > count_) departures_.erase(departures_.begin());
}

void RateLimit::pause_until(SteadyTime time) {
  std::lock_guard lock(mutex_);
  paused_until_ = std::max(paused_until_, time);
}

RateLimitedClient::RateLimitedClient(std::unique_ptr<HttpClient> next,
                                     std::shared_ptr<RateLimit> limit, Clock& clock,
                                     std::stop_token stop)
    : next_(std::move(next)), limit_(std::move(limit)), clock_(clock), stop_(std::move(stop)) {}

HttpResponse RateLimitedClient::send(const HttpRequest& request) {
  const SteadyTime entered = limit_->enter(EitherStop(stop_, request.unwanted).token());
  try {
    HttpResponse response = next_->send(request);
    limit_->sent(entered, response.sent_at);
    return response;
  } catch (...) {
    // It may have left at any time up to now, or not at all.
    limit_->sent(entered, clock_.steady());
    throw;
  }
}

}  // namespace ingestr
