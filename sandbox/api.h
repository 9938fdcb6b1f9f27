// The API: a table of endpoints (method, path, scopes, function), and finding one in it. A new
// resource is a row of it and a function.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "answers.h"
#include "call.h"

namespace sandbox {

struct Endpoint {
  std::string_view method;
  std::string_view path;    // "/v2/objects/{object}/records/query"
  std::string_view scopes;  // all of them are needed; separated by spaces
  Reply (*answer)(const Call&);
  // What it pages through; null for those whose rows do not move.
  std::optional<Addressed> (*rows)(const Call&) = nullptr;
};

std::span<const Endpoint> endpoints();

// The endpoint for a path, or null. Fills `parameters`. Each part of the path is decoded by itself,
// so "%2F" stays in its part.
const Endpoint* find_endpoint(std::string_view method, std::string_view path,
                              std::vector<std::string>& parameters);

}  // namespace sandbox
