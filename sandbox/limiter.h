// Limiter: at most N requests within any one second, like the API's rate limit. Refused requests do
// not count. Knows no clock: the caller passes the time, in milliseconds that never go back. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>

#include "time_text.h"

namespace sandbox {

class Limiter {
 public:
  explicit Limiter(uint64_t per_second) : per_second_(per_second) {}  // 0: no limit

  bool admit(Milliseconds now) {
    if (per_second_ == 0) return true;
    while (!admitted_.empty() && admitted_.front() <= now - 1000) admitted_.pop_front();
    if (admitted_.size() >= per_second_) return false;
    admitted_.push_back(now);
    return true;
  }

  void reset() { admitted_.clear(); }

 private:
  uint64_t per_second_;
  std::deque<Milliseconds> admitted_;  // times of the last second
};

}  // namespace sandbox
