// The rows of several relations as those of one.
#pragma once

#include <string>
#include <vector>

#include "data/schema.h"

namespace ingestr::files {

struct Part {
  std::string from;                 // what stands behind FROM
  Schema columns;                   // their names are distinct, ignoring case
  std::vector<std::string> values;  // SQL over `from`, one for each
  std::vector<std::string> written{};  // what the file calls them, where that is not distinct; empty: the same
};

struct Union {
  Schema schema;
  std::string select;
};

// The rows of the parts, one part after the other. Columns come together by the name that the files have, the exact one or else
// ignoring case, in the order in which parts have them first; one that a part lacks is NULL there. Each has the type that holds the
// values of all, which is text where numbers would lose digits. Throws Error(bad_data) naming a column whose types have none in common.
Union union_by_name(const std::vector<Part>& parts);

}  // namespace ingestr::files
