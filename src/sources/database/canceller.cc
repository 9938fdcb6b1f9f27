#include "sources/database/canceller.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/error.h"
#include "base/forced_end.h"

namespace ingestr::database {
namespace {

constexpr std::chrono::milliseconds kBetweenCancels(100);

void cancel_again_and_again(const System& system, const std::stop_token& done) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any waked;
  while (!done.stop_requested()) {
    try {
      system.cancel();
    } catch (const std::exception&) {
      return;  // whoever waits for the server is not waited for long
    }
    waked.wait_for(lock, done, kBetweenCancels, [] { return false; });
  }
}

}  // namespace

Canceller::Canceller(std::shared_ptr<const System> system, std::stop_token stop) {
  begin_.emplace(std::move(stop), [this, system = std::move(system)] {
    cancelling_ = std::jthread([system](const std::stop_token& done) { cancel_again_and_again(*system, done); });
  });
}

Canceller::~Canceller() {
  begin_.reset();
  if (!cancelling_.joinable()) return;
  const Waiting waiting;
  cancelling_.request_stop();
  cancelling_.join();
}

}  // namespace ingestr::database
