// Columns that a database works out itself.
#pragma once

#include <string>
#include <vector>

namespace ingestr::database {

// The names of those of a table, whose columns each database describes in a struct of its own.
template <class Column>
std::vector<std::string> generated_names(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const Column& column : columns) {
    if (column.is_generated) names.push_back(column.name);
  }
  return names;
}

}  // namespace ingestr::database
