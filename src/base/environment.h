// The process environment, behind an interface so that tests bring their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace ingestr {

class Environment {
 public:
  virtual ~Environment() = default;
  // The value of a variable; nothing when it is not set or empty.
  virtual std::optional<std::string> get(const std::string& name) const = 0;
};

class MapEnvironment final : public Environment {
 public:
  explicit MapEnvironment(std::map<std::string, std::string> values = {}) : values_(std::move(values)) {}
  std::optional<std::string> get(const std::string& name) const override;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace ingestr
