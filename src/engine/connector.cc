#include "engine/connector.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

// `attio://?key_123` reads as a parameter named key_123: only what can hardly be a key is repeated.
bool may_be_shown(std::string_view name) {
  return !name.empty() && name.size() <= 24 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

std::string declared_names(const Connector& connector) {
  if (connector.parameters.empty()) return "it takes none";
  std::string names;
  for (const Parameter& parameter : connector.parameters) {
    names += (names.empty() ? "" : ", ") + parameter.name;
  }
  return "it takes " + names;
}

}  // namespace

void check_parameters(const Connector& connector, const Uri& uri) {
  if (connector.takes_any_parameter) return;
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : uri.parameters) {
    const auto same_name = [&](const Parameter& parameter) { return parameter.name == name; };
    if (std::none_of(connector.parameters.begin(), connector.parameters.end(), same_name)) {
      const std::string what =
          may_be_shown(name) ? fmt::format("a parameter \"{}\"", name) : "an unknown parameter";
      throw Error(ErrorKind::usage, fmt::format("the {}:// URI has {}; {}", uri.scheme, what,
                                                declared_names(connector)));
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      throw Error(ErrorKind::usage,
                  fmt::format("the {}:// URI gives {} twice; give it once", uri.scheme, name));
    }
    seen.push_back(name);
  }
}

}  // namespace ingestr
