// Foreign keys that make a DELETE of a table's rows change rows of others, which nothing brings back.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr {

struct Cascade {
  std::string name;    // of the foreign key
  std::string from;    // the table that it refers from
  std::string action;  // "CASCADE", "SET NULL" or "SET DEFAULT"
};

// Throws Error(unsupported) that names the key, and what to do.
[[noreturn]] void refuse_cascade(const TableName& table, const Cascade& cascade);

}  // namespace ingestr
