// Where messages for people go. Who prints them, and how, is decided in src/app.
#pragma once

#include <string>
#include <string_view>

namespace ingestr {

enum class LogLevel { debug, info, warning };

// Thread-safe. Callers may build costly debug texts only when `enabled(LogLevel::debug)`.
class Logger {
 public:
  virtual ~Logger() = default;
  virtual bool enabled(LogLevel level) const = 0;
  virtual void log(LogLevel level, std::string_view message) = 0;

  void debug(std::string_view message) { log(LogLevel::debug, message); }
  void info(std::string_view message) { log(LogLevel::info, message); }
  void warning(std::string_view message) { log(LogLevel::warning, message); }
};

// Drops everything.
class NullLogger final : public Logger {
 public:
  bool enabled(LogLevel) const override { return false; }
  void log(LogLevel, std::string_view) override {}
};

}  // namespace ingestr
