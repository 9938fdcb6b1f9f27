// A clock on which time passes only as often as a test says.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/clock.h"
#include "base/error.h"

namespace ingestr {

// A clock that lets sleepers wake up so many times, one second later each time, and then sleep
// until they are stopped.
class TickingClock final : public Clock {
 public:
  SystemTime now() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours(7);
  }
  SteadyTime steady() const override {
    const std::lock_guard lock(mutex_);
    return SteadyTime(std::chrono::seconds(ticked_));
  }
  void sleep_until(SteadyTime, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [&] { return ticked_ < ticks; });
    if (stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
    ++ticked_;
    changed_.notify_all();
  }
  // Waits until all ticks are over and their sleeper is asleep again, or at least on its way there.
  void wait_for_ticks() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ticked_ == ticks; });
  }

  int ticks = 0;  // set it before there is a second thread

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int ticked_ = 0;
};

}  // namespace ingestr
