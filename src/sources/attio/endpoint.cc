#include "sources/attio/endpoint.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/uri.h"

namespace ingestr::attio {
namespace {

JsonField at_top(const char* name, TypeId type) { return {{name, type}, {name}}; }
JsonField in_id(const char* name) { return {{name, TypeId::varchar}, {"id", name}}; }

// Columns follow Attio's published OpenAPI document: ids first, then the keys in the order of its examples.
std::vector<Endpoint> make_endpoints() {
  return {
      {"objects", "", "", "all objects", "GET", "/objects", Paging::none, "object_configuration:read", "",
       {at_top("id", TypeId::json), in_id("workspace_id"), in_id("object_id"), at_top("api_slug", TypeId::varchar),
        at_top("singular_noun", TypeId::varchar), at_top("plural_noun", TypeId::varchar),
        at_top("created_at", TypeId::timestamp_tz)}},
      {"records", "object_api_slug", "companies", "all records of an object", "POST", "/objects/{}/records/query",
       Paging::offset_body, "record_permission:read object_configuration:read", "object",
       {at_top("id", TypeId::json), in_id("workspace_id"), in_id("object_id"), in_id("record_id"),
        at_top("created_at", TypeId::timestamp_tz), at_top("web_url", TypeId::varchar), at_top("values", TypeId::json)}},
      {"lists", "", "", "all lists", "GET", "/lists", Paging::none, "list_configuration:read", "",
       {at_top("id", TypeId::json), in_id("workspace_id"), in_id("list_id"), at_top("api_slug", TypeId::varchar),
        at_top("name", TypeId::varchar), at_top("parent_object", TypeId::json),
        at_top("workspace_access", TypeId::varchar), at_top("workspace_member_access", TypeId::json),
        at_top("created_by_actor", TypeId::json), at_top("created_at", TypeId::timestamp_tz)}},
      {"list_entries", "list_id", "8abc-123-456-789d-123", "all entries of one list", "POST", "/lists/{}/entries/query",
       Paging::offset_body, "list_entry:read list_configuration:read", "list",
       {at_top("id", TypeId::json), in_id("workspace_id"), in_id("list_id"), in_id("entry_id"),
        at_top("parent_record_id", TypeId::varchar), at_top("parent_object", TypeId::varchar),
        at_top("entry_values", TypeId::json), at_top("created_at", TypeId::timestamp_tz)}},
  };
}

}  // namespace

const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> all = make_endpoints();
  return all;
}

const Endpoint& endpoint(std::string_view table) {
  for (const Endpoint& candidate : endpoints()) {
    if (candidate.table == table) return candidate;
  }
  throw Error(ErrorKind::internal, fmt::format("attio has no endpoint {}", table));
}

std::string path_of(const Endpoint& endpoint, std::string_view argument) {
  const size_t place = endpoint.path.find("{}");
  if (place == std::string::npos) return endpoint.path;
  return endpoint.path.substr(0, place) + percent_encode(argument) + endpoint.path.substr(place + 2);
}

std::optional<Match> match(const HttpRequest& request) {
  const std::string_view path = request.url;
  for (const Endpoint& candidate : endpoints()) {
    if (candidate.method != request.method) continue;
    const size_t place = candidate.path.find("{}");
    const std::string_view before = std::string_view(candidate.path).substr(0, place);
    const std::string_view after =
        place == std::string::npos ? std::string_view() : std::string_view(candidate.path).substr(place + 2);
    if (place == std::string::npos ? path == before
                                   : path.size() > before.size() + after.size() && path.starts_with(before) &&
                                         path.ends_with(after)) {
      const size_t length = path.size() - before.size() - after.size();
      return Match{&candidate, percent_decode(path.substr(before.size(), length))};
    }
  }
  return std::nullopt;
}

}  // namespace ingestr::attio
