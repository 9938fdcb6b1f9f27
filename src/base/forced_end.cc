#include "base/forced_end.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <ranges>

namespace ingestr {
namespace {

// Never destroyed, for a thread may wait until the process is gone.
struct Waits {
  std::mutex mutex;
  std::list<SteadyTime> begun;
};
Waits& waits() {
  static Waits& all = *new Waits;
  return all;
}

struct Works {
  std::mutex mutex;
  std::list<std::function<void()>> all;
};
Works& works() {
  static Works& works = *new Works;
  return works;
}

}  // namespace

Waiting::Waiting() {
  const std::lock_guard lock(waits().mutex);
  begin_ = waits().begun.insert(waits().begun.end(), std::chrono::steady_clock::now());
}

Waiting::~Waiting() {
  const std::lock_guard lock(waits().mutex);
  waits().begun.erase(begin_);
}

SteadyTime longest_wait_began() {
  const std::lock_guard lock(waits().mutex);
  return waits().begun.empty() ? SteadyTime::max() : std::ranges::min(waits().begun);
}

AtForcedEnd::AtForcedEnd(std::function<void()> work) {
  const std::lock_guard lock(works().mutex);
  place_ = works().all.insert(works().all.end(), std::move(work));
}

AtForcedEnd::~AtForcedEnd() {
  const std::lock_guard lock(works().mutex);
  works().all.erase(place_);
}

void end_by_force(int status) {
  works().mutex.lock();
  for (const std::function<void()>& work : works().all | std::views::reverse) {
    try {
      work();
    } catch (const std::exception&) {
      // The others are to be done as well.
    }
  }
  ::_exit(status);
}

}  // namespace ingestr
