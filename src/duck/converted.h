// What becomes of the columns of a SELECT of DuckDB's on their way into our types.
#pragma once

#include <string>
#include <vector>

#include "data/schema.h"
#include "duck/connection.h"

namespace ingestr::duck {

struct ConvertedColumn {
  std::string name;
  std::string sql;  // over the column of this name
  Type type;
  std::string engine_type{};  // what the engine calls the type of the column, with those that ours do not have: STRUCT(a INTEGER)

  bool operator==(const ConvertedColumn&) const = default;
};

// Types that ours do not have become wider ones or text, as duck/types.h says. Timestamps with nanoseconds are timestamps
// where every one is a whole number of microseconds, which costs a look at all of them, else text. What is NULL and nothing else by its type has
// the type null. Nothing is rounded.
std::vector<ConvertedColumn> converted_columns(Connection& connection, const std::string& select);

}  // namespace ingestr::duck
