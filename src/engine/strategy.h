// A strategy is data: a pure function from facts to the steps that a destination takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"
#include "engine/contract.h"
#include "engine/step.h"

namespace ingestr {

// What becomes of the rows that the target has:
//
//   replace        they go
//   append         they stay
//   merge          those with the key of a landed row take its values
//   delete_insert  those in the interval, or between the lowest and the highest landed incremental key, go
//   scd2           they stay as versions; those that changed or, without an incremental key, vanished are no longer current
enum class Strategy { replace, append, merge, delete_insert, scd2 };

// "replace", "append", "merge", "delete+insert", "scd2". Throws Error(usage) for another name.
Strategy parse_strategy(std::string_view name);
std::string_view to_string(Strategy strategy);

// What a plan is made from.
struct PlanFacts {
  Strategy strategy = Strategy::replace;
  TableName target;                        // resolved
  Schema landed;                           // of the rows: what is known before the first, or all that is known after the last
  std::optional<SystemTime> loaded_at;     // nothing: no load timestamp column is wanted
  SystemTime started_at{};                 // scd2: when the versions of this run begin, and those before them end
  std::optional<Schema> existing{};        // the target's columns; nothing: it does not exist, or is to go
  bool fresh = false;                      // a target that exists is to go; so it is for replace, always
  bool partial = false;                    // some of the source's rows were not asked for
  bool straight = false;                   // rows can be written into a table that is made anew as they come
  Contract contract = Contract::evolve;    // of a target that exists
  // Landed columns that a table made by the destination has by the type that the source's database calls theirs, with that type.
  std::vector<Column> source_types{};
  bool taken = false;                      // rows are taken from where they are, and land by those types
  std::vector<std::string> primary_key{};  // columns, in any case
  std::string incremental_key{};           // likewise; empty: none
  std::optional<SystemTime> interval_start{};  // of the incremental key, inclusive
  std::optional<SystemTime> interval_end{};    // inclusive
  std::vector<std::string> partition_by{}; // columns that files of the table are kept apart by, in any case
  std::string predicate{};                 // merge: SQL that a match must fulfil as well
};

// What happens around the rows: `before` them, where they land, and `after` the last one. `before` and `after` are
// each applied whole or not at all. `after` begins with what gives inferred columns their types, so it is only final
// when it is made from the schema of the last batch.
struct Plan {
  std::vector<Step> before;
  TableName landing;
  Schema landed;  // of that table, before the first row
  std::vector<Step> after;
  // Rows go into the target, which `landing` is then, as they come; what `after` does is done to them on their way.
  bool straight = false;
  bool replaces = false;  // straight: rows that the target has go
};

// Throws Error: usage for a key that is missing or no column, unsupported for a key of a type that has no order and for
// scd2 into a table that has no versions, and what evolve() throws.
Plan make_plan(const PlanFacts& facts);

// What can be said to be wrong before the source is asked for anything. `facts.landed` may lack columns.
std::vector<Step> early_checks(const PlanFacts& facts);

// What --dry-run prints, one step a line.
std::string to_text(const Plan& plan);

// The landing table of `target`: in its schema, named from it, at most 60 bytes long, the same every time.
TableName landing_name(const TableName& target);

// The column that AddLoadTimestamp adds.
inline constexpr std::string_view kLoadTimestampColumn = "_ingestr_loaded_at";

}  // namespace ingestr
