// Keeps messages for expectations.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace ingestr {

// Thread-safe.
class FakeLog final : public Logger {
 public:
  bool enabled(LogLevel) const override { return true; }
  void log(LogLevel level, std::string_view message) override {
    std::lock_guard lock(mutex_);
    lines_.emplace_back(level, message);
  }

  // The messages of one level, in the order they came.
  std::vector<std::string> lines(LogLevel level) const {
    std::lock_guard lock(mutex_);
    std::vector<std::string> result;
    for (const auto& [its_level, text] : lines_) {
      if (its_level == level) result.push_back(text);
    }
    return result;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<LogLevel, std::string>> lines_;
};

}  // namespace ingestr
