// Time as an argument: tests bring a clock that stands still until told.
#pragma once

#include <chrono>
#include <stop_token>

namespace ingestr {

using SystemTime = std::chrono::sys_time<std::chrono::microseconds>;  // UTC
using SteadyTime = std::chrono::steady_clock::time_point;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SystemTime now() const = 0;     // wall time, UTC
  virtual SteadyTime steady() const = 0;  // for measuring and waiting
  // Returns at `time`; throws Error(cancelled) as soon as `stop` is requested.
  virtual void sleep_until(SteadyTime time, std::stop_token stop) = 0;

  void sleep_for(std::chrono::nanoseconds duration, std::stop_token stop) {
    sleep_until(steady() + std::chrono::duration_cast<SteadyTime::duration>(duration), stop);
  }
};

class SystemClock final : public Clock {
 public:
  SystemTime now() const override;
  SteadyTime steady() const override;
  void sleep_until(SteadyTime time, std::stop_token stop) override;
};

}  // namespace ingestr
