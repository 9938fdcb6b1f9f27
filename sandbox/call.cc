#include "call.h"

#include <fmt/core.h>

#include "errors.h"

namespace sandbox {

Reply data_reply(std::string_view data) {
  Reply reply;
  reply.body = fmt::format(R"({{"data":{}}})", data);
  return reply;
}

std::string nullable(const std::optional<std::string>& text) {
  return text ? json_string(*text) : "null";
}

const Object* usable_object(const Call& call, std::string_view name, Reply& reply) {
  const Object* object = call.workspace.find_object(name);
  if (object == nullptr)
    reply = not_found(fmt::format("Object with slug/ID \"{}\" not found.", name));
  else if (!object->enabled)
    reply = standard_object_disabled();
  else
    return object;
  return nullptr;
}

const List* usable_list(const Call& call, std::string_view name, Reply& reply) {
  const List* list = call.workspace.find_list(name);
  if (list == nullptr) reply = not_found(fmt::format("List with slug/ID \"{}\" not found.", name));
  return list;
}

const Object* usable_object(const Call& call, Reply& reply) {
  return usable_object(call, call.parameters.front(), reply);
}

const List* usable_list(const Call& call, Reply& reply) {
  return usable_list(call, call.parameters.front(), reply);
}

std::optional<Collection::Found> usable_row(const Table& table, std::string_view text,
                                            Reply& reply) {
  const auto id = parse_uuid(text);
  auto found = id ? table.rows().find(*id) : std::nullopt;
  if (!found) reply = not_found(fmt::format("Nothing with ID \"{}\" found.", text));
  return found;
}

Owner owner_of(const Object& object) {
  return {"object",          object.id,         object.slug,
          object.created_at, object.attributes, *object.table};
}

Owner owner_of(const List& list) {
  return {"list", list.id, list.slug, list.created_at, list.attributes, *list.table};
}

}  // namespace sandbox
