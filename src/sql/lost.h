// What a user is told of parts of a table that `replace` could not keep.
#pragma once

#include <string>
#include <vector>

#include "data/schema.h"

namespace ingestr {

// "dest.people lost what its new columns do not allow: id DEFAULT 7, CHECK (id > 0)"
std::string lost_to_new_columns(const TableName& table, const std::vector<std::string>& lost);

}  // namespace ingestr
