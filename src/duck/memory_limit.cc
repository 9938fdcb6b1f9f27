#include "duck/memory_limit.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace ingestr::duck {

std::optional<std::string> memory_limit(const Environment& environment) { return environment.get(std::string(kMemoryLimitVariable)); }

Database limited_engine(Database::Settings settings, const std::string& usual, const Environment& environment) {
  const std::optional<std::string> wanted = memory_limit(environment);
  if (wanted || !usual.empty()) settings.emplace_back("memory_limit", wanted.value_or(usual));
  try {
    return Database(settings);
  } catch (const Error&) {
    if (!wanted) throw;
    throw Error(ErrorKind::usage,
                fmt::format("{} is \"{}\", which is no size; write for example 500MB or 2GB", kMemoryLimitVariable, *wanted));
  }
}

}  // namespace ingestr::duck
