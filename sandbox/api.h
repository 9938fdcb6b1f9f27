// The API: a table of endpoints (method, path, scopes, function), and finding one in it. A new
// resource is a row of it and a function.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access.h"
#include "exchange.h"
#include "options.h"
#include "workspace.h"

namespace sandbox {

// What an endpoint's function works with. It changes nothing here; only tables remember what they
// served.
struct Call {
  const Workspace& workspace;
  const Access& access;
  const AccessOptions& limits;
  const std::vector<ExtraKey>& extra_keys;
  const Request& request;
  std::vector<std::string> parameters;  // the {…} parts of the path, percent-decoded
};

struct Endpoint {
  std::string_view method;
  std::string_view path;    // "/v2/objects/{object}/records/query"
  std::string_view scopes;  // all of them are needed; separated by spaces
  Reply (*answer)(const Call&);
};

std::span<const Endpoint> endpoints();

// Path and query string of a target, still encoded.
std::string_view path_of(std::string_view target);

std::string percent_decoded(std::string_view text);

// The endpoint for a path, or null. Fills `parameters`. Each part of the path is decoded by itself,
// so "%2F" stays in its part.
const Endpoint* find_endpoint(std::string_view method, std::string_view path,
                              std::vector<std::string>& parameters);

// The table that a query endpoint's path addresses, with its slug; nothing for other paths.
struct Addressed {
  std::string slug;
  const Table* table;
};
std::optional<Addressed> addressed_table(const Workspace& workspace, std::string_view path);

}  // namespace sandbox
