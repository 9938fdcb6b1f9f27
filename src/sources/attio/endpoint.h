// The Attio endpoints that tables are read from, as data: paths, paging, scopes, columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/json_rows.h"
#include "http/client.h"

namespace ingestr::attio {

enum class Paging {
  none,         // the whole set in one answer
  offset_body,  // limit and offset in the JSON body of a POST that only asks
};

struct Endpoint {
  std::string table;        // "records"
  std::string argument;     // what follows the colon in a table's name: "object_api_slug"; empty: nothing may
  std::string example;      // of an argument: "companies"
  std::string description;  // one line
  std::string method;
  std::string path;         // "/objects/{}/records/query"; {} is the argument
  Paging paging;
  std::string scopes;       // that the API key needs, space separated
  std::string argument_is;  // "object" or "list", for messages
  std::vector<JsonField> fields;
};

const std::vector<Endpoint>& endpoints();
// Throws Error(internal) when there is none of that name.
const Endpoint& endpoint(std::string_view table);

// The path of a request, with the argument percent-encoded.
std::string path_of(const Endpoint& endpoint, std::string_view argument);

// Which endpoint a request went to, and with which argument.
struct Match {
  const Endpoint* endpoint;
  std::string argument;
};
std::optional<Match> match(const HttpRequest& request);

}  // namespace ingestr::attio
