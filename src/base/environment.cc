#include "base/environment.h"

namespace ingestr {

std::optional<std::string> MapEnvironment::get(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace ingestr
