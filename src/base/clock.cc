#include "base/clock.h"

#include <condition_variable>
#include <mutex>

#include "base/interrupt.h"

namespace ingestr {

SystemTime SystemClock::now() const {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const { return std::chrono::steady_clock::now(); }

void SystemClock::sleep_until(SteadyTime time, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_until(lock, stop, time, [] { return false; });
  throw_if_stopped(stop);
}

}  // namespace ingestr
