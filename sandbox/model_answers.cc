// The model of the workspace: the token, objects, lists, their attributes and views.
#include <fmt/core.h>

#include <array>

#include "answers.h"
#include "choice.h"
#include "definition.h"
#include "errors.h"
#include "paging.h"

namespace sandbox::answer {
namespace {

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

const Attribute* usable_attribute(const Call& call, const Owner& owner, Reply& reply) {
  const std::string& name = call.parameters.at(1);
  const Attribute* attribute = find_attribute(owner.attributes, owner.id, name);
  if (attribute == nullptr)
    reply = not_found(fmt::format("Attribute with slug/ID \"{}\" not found.", name));
  return attribute;
}

// The whole set in one answer.
Reply choices(const Call& call, const Owner& owner, ValueType type) {
  Reply reply;
  const Attribute* attribute = usable_attribute(call, owner, reply);
  if (attribute == nullptr) return reply;
  if (attribute->type != type)
    return invalid_request(fmt::format("The attribute \"{}\" is of type {}, not {}.",
                                       attribute->slug, to_text(attribute->type), to_text(type)));
  const Switch show_archived = read_switch(call, "show_archived");
  if (show_archived.refusal) return *show_archived.refusal;
  std::string data = "[";
  uint64_t index = 0;
  for (Choice& choice : choices_of(*attribute, *parse_uuid(kWorkspaceId), owner.id)) {
    if (choice.archived && !show_archived.on) continue;
    choice.json.pop_back();
    write_extra(call.extra_keys, index, choice.json);
    data += (index++ > 0 ? "," : "") + choice.json + '}';
  }
  return data_reply(data + "]");
}

}  // namespace

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

Reply attributes(const Call& call, const Owner& owner) {
  const Switch show_archived = read_switch(call, "show_archived");
  if (show_archived.refusal) return *show_archived.refusal;
  std::vector<std::string> rows;
  for (const Attribute& attribute : owner.attributes)
    if (!attribute.archived || show_archived.on)
      rows.push_back(definition_json(call.workspace, owner, attribute));
  return offset_page(call, rows, kUnstated);
}

Reply one_attribute(const Call& call, const Owner& owner) {
  Reply reply;
  const Attribute* attribute = usable_attribute(call, owner, reply);
  if (attribute == nullptr) return reply;
  std::string data = definition_json(call.workspace, owner, *attribute);
  write_extra(call.extra_keys, 0, data);
  return data_reply(data + "}");
}

Reply options(const Call& call, const Owner& owner) {
  return choices(call, owner, ValueType::select);
}

Reply statuses(const Call& call, const Owner& owner) {
  return choices(call, owner, ValueType::status);
}

Reply views(const Call& call, const Owner& owner) {
  if (auto refusal = refuse_parameters(call, {"show_archived"})) return *refusal;
  static constexpr std::array kTitles{"All", "Mine", "By \\\"owner\\\"", "Übersicht 📋"};
  Resources& resources = call.workspace.resources();
  const auto rows = resources.of(Resource::view, owner.id);
  return cursor_page(call, *rows, {500, 1000}, [&](const Row& row, JsonWriter& out) {
    Random random = resources.content(Resource::view, owner.id, row);
    out.raw(fmt::format(
        R"({{"id":{{"workspace_id":"{}","{}_id":"{}","view_id":"{}"}},"title":"{}","created_at":"{}")",
        kWorkspaceId, owner.kind, to_text(owner.id), to_text(row.id),
        kTitles[random.below(kTitles.size())], timestamp_text(time_of(row))));
  });
}

std::optional<Addressed> views_rows(const Call& call, const Owner& owner) {
  return Addressed{"views",
                   call.workspace.resources().of(Resource::view, owner.id, true).get()};
}

}  // namespace sandbox::answer
