#include "definition.h"

#include <fmt/core.h>

#include <algorithm>

#include "choice.h"

namespace sandbox {
namespace {

struct End {
  std::string_view object, attribute;
};

// Two attributes that are two sides of one thing.
constexpr std::pair<End, End> kRelationships[] = {
    {{"companies", "team"}, {"people", "company"}},
    {{"companies", "associated_deals"}, {"deals", "associated_company"}},
    {{"companies", "associated_workspaces"}, {"workspaces", "company"}},
    {{"people", "associated_deals"}, {"deals", "associated_people"}},
    {{"people", "associated_users"}, {"users", "person"}},
    {{"users", "workspace"}, {"workspaces", "users"}},
};

std::string end_json(const Workspace& workspace, const End& end) {
  const Object* object = workspace.find_object(end.object);
  const Attribute* other =
      object ? find_attribute(object->attributes, object->id, end.attribute) : nullptr;
  if (other == nullptr) return "null";
  return fmt::format(
      R"({{"id":{{"workspace_id":"{}","object_id":"{}","attribute_id":"{}"}},"object_slug":{},"title":{},"api_slug":{},"is_multiselect":{}}})",
      kWorkspaceId, to_text(object->id), to_text(attribute_id(object->id, other->slug)),
      json_string(object->slug), json_string(other->title), json_string(other->slug), other->multi);
}

std::string relationship_json(const Workspace& workspace, const Owner& owner,
                              const Attribute& attribute) {
  const auto is_this = [&](const End& end) {
    return owner.kind == "object" && end.object == owner.slug && end.attribute == attribute.slug;
  };
  for (const auto& [one, other] : kRelationships) {
    if (is_this(one)) return end_json(workspace, other);
    if (is_this(other)) return end_json(workspace, one);
  }
  return "null";
}

std::string allowed_objects(const Workspace& workspace, const Attribute& attribute) {
  if (attribute.targets.empty()) return "null";
  std::string text = "[";
  for (const auto& target : attribute.targets)
    if (const Object* object = workspace.find_object(target))
      text += (text.size() > 1 ? ",\"" : "\"") + to_text(object->id) + '"';
  return text + "]";
}

// Both kinds that there are: the first status for every status, and who is at work for "owner".
std::string default_json(const Owner& owner, const Attribute& attribute) {
  if (attribute.type == ValueType::status)
    return fmt::format(
        R"({{"type":"static","template":[{{"status":"{}"}}]}})",
        to_text(choices_of(attribute, *parse_uuid(kWorkspaceId), owner.id).front().id));
  if (attribute.slug == "owner") return R"({"type":"dynamic","template":"current-user"})";
  return "null";
}

bool has_rows_facts(const Attribute& attribute) {
  return attribute.content == Content::row_id || attribute.content == Content::row_created ||
         attribute.content == Content::row_creator;
}

}  // namespace

std::string definition_json(const Workspace& workspace, const Owner& owner,
                            const Attribute& attribute) {
  const bool is_writable =
      !has_rows_facts(attribute) && attribute.origin != Origin::intelligence;
  const bool is_unique = attribute.content == Content::row_id ||
                         (attribute.system && (attribute.type == ValueType::domain ||
                                               attribute.type == ValueType::email_address));
  const bool is_required = is_writable && attribute.fill == 100 && attribute.system;
  const std::string default_value = default_json(owner, attribute);
  const bool money = attribute.type == ValueType::currency;
  return fmt::format(
      R"({{"id":{{"workspace_id":"{}","object_id":"{}","attribute_id":"{}"}},"title":{},"description":{},)"
      R"("api_slug":{},"type":"{}","is_system_attribute":{},"is_writable":{},"is_required":{},"is_unique":{},)"
      R"("is_multiselect":{},"is_default_value_enabled":{},"is_archived":{},"default_value":{},"relationship":{},)"
      R"("created_at":"{}","config":{{"currency":{{"default_currency_code":{},"display_type":{}}},)"
      R"("record_reference":{{"allowed_object_ids":{}}}}})",
      kWorkspaceId, to_text(owner.id), to_text(attribute_id(owner.id, attribute.slug)),
      json_string(attribute.title), attribute.system ? "null" : R"("Added by hand")",
      json_string(attribute.slug), to_text(attribute.type), attribute.system, is_writable,
      is_required, is_unique, attribute.multi, default_value != "null", attribute.archived,
      default_value, relationship_json(workspace, owner, attribute),
      timestamp_text(owner.created_at), money ? R"("USD")" : "null", money ? R"("symbol")" : "null",
      allowed_objects(workspace, attribute));
}

}  // namespace sandbox
