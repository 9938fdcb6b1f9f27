#include "base/forced_end.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <ranges>
#include <thread>

namespace ingestr {
namespace {

constexpr std::chrono::seconds kPatienceWithWork(3);

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

// The work may never end: a thread that writes to a pipe that nobody reads holds the lock of what is to have the last words.
void end_anyway_soon(int status) {
  try {
    std::thread([status] {
      std::this_thread::sleep_for(kPatienceWithWork);
      ::_exit(status);
    }).detach();
  } catch (const std::exception&) {
    // No thread is to be had; the work mostly ends.
  }
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
  end_anyway_soon(status);
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
