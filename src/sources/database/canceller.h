// Canceller: ends at the server what the engine reads from it, once the user asks to stop. The engine itself waits in its extension
// for the next rows, however long.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "sources/database/system.h"

namespace ingestr::database {

// While it lives: statements that begin after the stop are ended too.
class Canceller {
 public:
  Canceller(std::shared_ptr<const System> system, std::stop_token stop);
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  std::jthread cancelling_;  // once there is something to do
  std::optional<std::stop_callback<std::function<void()>>> begin_;
};

}  // namespace ingestr::database
