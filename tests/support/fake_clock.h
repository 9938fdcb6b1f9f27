// A clock that stands still until told, and on which sleeping takes no time.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace ingestr {

// Thread-safe, but with several threads asleep the clock is at the latest wake-up of them all.
class FakeClock final : public Clock {
 public:
  // Both times start at round values: 2026-11-24T08:00:00Z, and 1,000 s.
  FakeClock() = default;

  SystemTime now() const override {
    std::lock_guard lock(mutex_);
    return std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours(8) +
           std::chrono::floor<std::chrono::microseconds>(elapsed_);
  }
  SteadyTime steady() const override {
    std::lock_guard lock(mutex_);
    return SteadyTime(std::chrono::seconds(1000)) + elapsed_;
  }

  // Moves on to `time` at once. Throws Error(cancelled) when a stop was requested, by on_sleep at
  // the latest.
  void sleep_until(SteadyTime time, std::stop_token stop) override {
    const auto wait = time - steady();
    if (on_sleep) on_sleep(wait);
    if (stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
    std::lock_guard lock(mutex_);
    sleeps_.push_back(wait);
    const auto elapsed = time - SteadyTime(std::chrono::seconds(1000));
    if (elapsed > elapsed_) elapsed_ = elapsed;
  }

  void advance(SteadyTime::duration by) {
    std::lock_guard lock(mutex_);
    elapsed_ += by;
  }

  // How long each sleep was, in the order in which they ended.
  std::vector<SteadyTime::duration> sleeps() const {
    std::lock_guard lock(mutex_);
    return sleeps_;
  }

  // Called before each sleep with its length, on the sleeper's thread. Set it before threads start.
  std::function<void(SteadyTime::duration)> on_sleep;

 private:
  mutable std::mutex mutex_;
  SteadyTime::duration elapsed_{};
  std::vector<SteadyTime::duration> sleeps_;
};

}  // namespace ingestr
