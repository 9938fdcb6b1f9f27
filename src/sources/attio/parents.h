// Which lists belong to which object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/page.h"

namespace ingestr::attio {

// The ids of the lists in a page of /lists whose parent_object (an array of slugs, or one slug) holds `slug`. Throws
// Error(bad_data) for a list without an id.
std::vector<std::string> lists_with_parent(const Page& lists, std::string_view slug);

// The slug of an object in a page of /objects that is named by its slug or its id. Throws Error(not_found) with the
// slugs there are.
std::string slug_of_object(const Page& objects, std::string_view slug_or_id);

}  // namespace ingestr::attio
