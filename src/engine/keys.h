// Keys: the columns that a strategy goes by, checked against what lands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/strategy.h"

namespace ingestr {

// Named as the landed columns are.
struct Keys {
  std::vector<std::string> primary;  // each once
  std::string incremental;           // empty: none, or the strategy has no use for it
  std::vector<std::string> partition;  // columns that files are kept apart by
};

// Throws Error(usage) for a key that the strategy cannot do without and nobody names.
void require_keys(Strategy strategy, const std::vector<std::string>& primary_key, const std::string& incremental_key);

// Throws Error(usage) for a key that the strategy needs and does not have, or that is no landed column; Error(unsupported)
// for an incremental key of delete+insert that is no number, date or timestamp, or no time although there is an interval. Of columns
// that files are kept apart by: usage for one that is named twice, the load timestamp, or all; unsupported for a type that no
// directory is named by.
Keys find_keys(const PlanFacts& facts);

// The copy of the landed column of that name. Throws Error(unsupported) when a schema contract left it out.
const CopiedColumn& copied(const std::vector<CopiedColumn>& columns, std::string_view name);

// Throws Error(unsupported) for a key of which rows that are there have no value, or another one than the same rows when they come: a
// time that becomes text is written in another way.
void require_kept(const PlanFacts& facts, const CopiedColumn& key);

// Throws Error(unsupported) when the column's order is another one in the target: "9" comes before "10" as a number only.
void check_order(const TableName& target, const CopiedColumn& key);

}  // namespace ingestr
