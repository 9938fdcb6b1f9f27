#include "http/rate_limit.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/either_stop.h"

namespace ingestr {
namespace {

// What a server takes for a second may be a little longer than ours.
constexpr double kSecond = 1.01;

size_t count_of(double per_second) {
  return per_second < 1 ? 1 : static_cast<size_t>(per_second);
}

SteadyTime::duration window_of(double per_second) {
  const double seconds = per_second < 1 ? 1 / per_second : 1;
  return std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds * kSecond));
}

}  // namespace

RateLimit::RateLimit(double per_second, Clock& clock)
    : clock_(clock), window_(window_of(per_second)) {
  for (size_t i = count_of(per_second); i > 0; --i) free_from_.insert(SteadyTime{});
}

void RateLimit::enter(std::stop_token stop) {
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

  const bool first = turn_.wait(lock, stop, [&] { return *waiting_.begin() == ticket && !free_from_.empty(); });
  if (!first || stop.stop_requested()) throw interrupted();
  // Others may pause us meanwhile, hence the loop. Nobody else takes a place: that is for the first in the queue.
  for (;;) {
    const SteadyTime due = std::max(paused_until_, *free_from_.begin());
    if (due <= clock_.steady()) break;
    lock.unlock();
    try {
      clock_.sleep_until(due, stop);
    } catch (...) {
      lock.lock();
      throw;
    }
    lock.lock();
  }
  free_from_.erase(free_from_.begin());
}

void RateLimit::answered(SteadyTime time) {
  const std::lock_guard lock(mutex_);
  free_from_.insert(time + window_);
  turn_.notify_all();
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
  limit_->enter(EitherStop(stop_, request.unwanted).token());
  try {
    HttpResponse response = next_->send(request);
    limit_->answered(response.answered_at.value_or(clock_.steady()));
    return response;
  } catch (...) {
    limit_->answered(clock_.steady());
    throw;
  }
}

}  // namespace ingestr
