// RowChange: what a step does to the rows of a target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/step.h"

namespace ingestr {

struct RowChange {
  TableName table;
  std::optional<TableName> landing{};   // whose rows it copies, or holds those of the table against
  std::vector<CopiedColumn> columns{};  // of these
  std::vector<std::string> key{};       // names in `table`; empty: it looks for no row by a key
  std::vector<std::string> found_by{};  // names in `table`: those of the key, or of the value that a row goes for
  bool inserts = false;
  bool updates = false;
  bool deletes = false;
};

// Nothing for a step that changes no rows of a target, nor for ReplaceTable, which changes the table.
std::optional<RowChange> row_change(const Step& step);

// The table to which a step brings rows; ReplaceTable is such a step.
std::optional<TableName> filled_table(const Step& step);

}  // namespace ingestr
