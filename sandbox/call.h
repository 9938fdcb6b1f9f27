// Call: one request on its way through an endpoint, and what most endpoints begin or end with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access.h"
#include "exchange.h"
#include "options.h"
#include "target.h"
#include "workspace.h"

namespace sandbox {

// What an endpoint's function works with. It changes nothing here; only collections remember what
// they served.
struct Call {
  const Workspace& workspace;
  const Access& access;
  const AccessOptions& limits;
  const std::vector<ExtraKey>& extra_keys;
  const Request& request;
  Parameters query;
  std::vector<std::string> parameters = {};  // the {…} parts of the path, percent-decoded
};

Reply data_reply(std::string_view data);  // `{"data":…}`

std::string nullable(const std::optional<std::string>& text);  // JSON

// What the first part of the path addresses, or null with the refusal in `reply`.
const Object* usable_object(const Call& call, Reply& reply);
const List* usable_list(const Call& call, Reply& reply);
const Object* usable_object(const Call& call, std::string_view name, Reply& reply);
const List* usable_list(const Call& call, std::string_view name, Reply& reply);

// The record or entry of that id, or nothing with the refusal in `reply`.
std::optional<Collection::Found> usable_row(const Table& table, std::string_view id, Reply& reply);

// An object or a list, where they behave alike.
struct Owner {
  std::string_view kind;  // "object" or "list"
  Uuid id;
  std::string_view slug;
  Milliseconds created_at;
  const std::vector<Attribute>& attributes;
  const Table& table;
};
Owner owner_of(const Object& object);
Owner owner_of(const List& list);

}  // namespace sandbox
