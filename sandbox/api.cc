#include "api.h"

#include <fmt/core.h>

#include <cmath>

#include "errors.h"

namespace sandbox {
namespace {

std::string nullable(const std::optional<std::string>& text) {
  return text ? json_string(*text) : "null";
}

std::string object_json(const Object& object, const Call& call, uint64_t index) {
  std::string text = fmt::format(
      R"({{"id":{{"workspace_id":"{}","object_id":"{}"}},"api_slug":{},"singular_noun":{},"plural_noun":{},"created_at":"{}")",
      kWorkspaceId, to_text(object.id), json_string(object.slug), nullable(object.singular_noun),
      nullable(object.plural_noun), timestamp_text(object.created_at));
  write_extra(call.extra_keys, index, text);
  return text + "}";
}

std::string list_json(const List& list, const Call& call, uint64_t index) {
  std::string text = fmt::format(
      R"({{"id":{{"workspace_id":"{}","list_id":"{}"}},"api_slug":{},"created_at":"{}","name":{},"workspace_access":{},)"
      R"("workspace_member_access":{},"parent_object":[{}],"created_by_actor":{})",
      kWorkspaceId, to_text(list.id), json_string(list.slug), timestamp_text(list.created_at),
      json_string(list.name), nullable(list.workspace_access), list.member_access,
      json_string(list.parent_object), actor_json(kActors[list.creator]));
  write_extra(call.extra_keys, index, text);
  return text + "}";
}

Reply data_reply(std::string_view data) {
  Reply reply;
  reply.body = fmt::format(R"({{"data":{}}})", data);
  return reply;
}

// Null with the refusal in `reply`.
const Object* usable_object(const Call& call, Reply& reply) {
  const std::string& name = call.parameters.front();
  const Object* object = call.workspace.find_object(name);
  if (object == nullptr)
    reply = not_found(fmt::format("Object with slug/ID \"{}\" not found.", name));
  else if (!object->enabled)
    reply = standard_object_disabled();
  else
    return object;
  return nullptr;
}

const List* usable_list(const Call& call, Reply& reply) {
  const std::string& name = call.parameters.front();
  const List* list = call.workspace.find_list(name);
  if (list == nullptr) reply = not_found(fmt::format("List with slug/ID \"{}\" not found.", name));
  return list;
}

Reply self(const Call& call) {
  if (auto refusal = call.access.refuse_self(call.request.authorization)) return *refusal;
  Reply reply;
  reply.body = fmt::format(
      R"({{"active":true,"scope":"{0}","client_id":"0f8cf9ff-1fec-5896-be75-48952695f97e","token_type":"Bearer","exp":null,)"
      R"("iat":1767225600,"sub":"{1}","aud":"0f8cf9ff-1fec-5896-be75-48952695f97e","iss":"attio.com",)"
      R"("authorized_by_workspace_member_id":"{2}","workspace_id":"{1}","workspace_name":"Northlight",)"
      R"("workspace_slug":"{3}","workspace_logo_url":null}})",
      call.access.scopes_text(), kWorkspaceId, kActors[0].id, kWorkspaceSlug);
  return reply;
}

Reply objects(const Call& call) {
  std::string data = "[";
  uint64_t index = 0;
  for (const Object& object : call.workspace.objects()) {
    if (!object.enabled) continue;
    if (index > 0) data += ',';
    data += object_json(object, call, index++);
  }
  return data_reply(data + "]");
}

Reply one_object(const Call& call) {
  Reply reply;
  const Object* object = usable_object(call, reply);
  return object == nullptr ? reply : data_reply(object_json(*object, call, 0));
}

Reply lists(const Call& call) {
  std::string data = "[";
  uint64_t index = 0;
  for (const List& list : call.workspace.lists()) {
    if (index > 0) data += ',';
    data += list_json(list, call, index++);
  }
  return data_reply(data + "]");
}

Reply one_list(const Call& call) {
  Reply reply;
  const List* list = usable_list(call, reply);
  return list == nullptr ? reply : data_reply(list_json(*list, call, 0));
}

// The cost of a query as recorded: nothing for a plain scan, close to 37.7 times the root of the
// row count for a sorted one. Tables without rows send no score.
void add_score(const Table& table, const Query& query, Reply& reply) {
  const uint64_t size = table.rows().size();
  if (size == 0) return;
  const double score =
      query.selective() ? std::round(37.7 * std::sqrt(static_cast<double>(size))) : 0;
  reply.headers.emplace_back("x-attio-record-query-score", fmt::format("{:.0f}", score));
}

Reply page(const Table& table, const Call& call) {
  auto [query, refusal] = parse_query(call.request.body, call.limits.max_limit);
  if (refusal) return *refusal;
  if (call.limits.page_cap != 0) query.limit = std::min(query.limit, call.limits.page_cap);
  Reply reply;
  reply.body = R"({"data":[)";
  table.write_page(query, call.extra_keys, reply.body);
  reply.body += "]}";
  add_score(table, query, reply);
  return reply;
}

Reply query_records(const Call& call) {
  Reply reply;
  const Object* object = usable_object(call, reply);
  return object == nullptr ? reply : page(*object->table, call);
}

Reply query_entries(const Call& call) {
  Reply reply;
  const List* list = usable_list(call, reply);
  return list == nullptr ? reply : page(*list->table, call);
}

constexpr Endpoint kEndpoints[] = {
    {"GET", "/v2/self", "", self},
    {"GET", "/v2/objects", "object_configuration:read", objects},
    {"GET", "/v2/objects/{object}", "object_configuration:read", one_object},
    {"POST", "/v2/objects/{object}/records/query",
     "record_permission:read object_configuration:read", query_records},
    {"GET", "/v2/lists", "list_configuration:read", lists},
    {"GET", "/v2/lists/{list}", "list_configuration:read", one_list},
    {"POST", "/v2/lists/{list}/entries/query", "list_entry:read list_configuration:read",
     query_entries},
};

// Takes the first part off `path`, without its slash.
std::string_view take_part(std::string_view& path) {
  path.remove_prefix(1);
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

bool matches(std::string_view pattern, std::string_view path,
             std::vector<std::string>& parameters) {
  parameters.clear();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = take_part(pattern);
    const std::string part = percent_decoded(take_part(path));
    if (wanted.starts_with('{') && !part.empty())
      parameters.push_back(part);
    else if (wanted != part)
      return false;
  }
  return pattern.empty() && path.empty();
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

}  // namespace

std::span<const Endpoint> endpoints() {
  return kEndpoints;
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

const Endpoint* find_endpoint(std::string_view method, std::string_view path,
                              std::vector<std::string>& parameters) {
  for (const Endpoint& endpoint : kEndpoints)
    if (endpoint.method == method && matches(endpoint.path, path, parameters)) return &endpoint;
  return nullptr;
}

std::optional<Addressed> addressed_table(const Workspace& workspace, std::string_view path) {
  std::vector<std::string> parameters;
  const Endpoint* endpoint = find_endpoint("POST", path, parameters);
  if (endpoint == nullptr) return std::nullopt;
  if (endpoint->answer == query_records)
    if (const Object* object = workspace.find_object(parameters.front()))
      return Addressed{object->slug, object->table.get()};
  if (endpoint->answer == query_entries)
    if (const List* list = workspace.find_list(parameters.front()))
      return Addressed{list->slug, list->table.get()};
  return std::nullopt;
}

}  // namespace sandbox
