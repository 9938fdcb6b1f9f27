// Choice: one option of a select, or one status, as values and the lists of options show it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attribute.h"
#include "uuid.h"

namespace sandbox {

// The same wherever an attribute is spoken of. `owner` is the object or list it belongs to.
Uuid attribute_id(const Uuid& owner, std::string_view slug);

struct Choice {
  Uuid id;
  bool archived = false;
  std::string json;  // `{"id":{…},"title":…,…}`
};

// In the order of the attribute's choices; none for other types than select and status.
std::vector<Choice> choices_of(const Attribute& attribute, const Uuid& workspace,
                               const Uuid& owner);

}  // namespace sandbox
