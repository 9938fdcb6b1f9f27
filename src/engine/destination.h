// Where rows go. A destination knows steps and nothing of strategies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/batch.h"
#include "data/schema.h"
#include "engine/relation.h"
#include "engine/strategy.h"

namespace ingestr {

// Writes rows into one landing table. Used by one thread at a time. Destroyed without finish(): its rows are gone.
class Appender {
 public:
  virtual ~Appender() = default;
  // Takes the batch over. Columns are matched by position; a batch may have more columns than the table has so far:
  // they are added to the table (inferred ones as JSON). Throws Error(bad_data) naming column and row
  // when a value does not fit.
  virtual void append(Batch batch) = 0;
  // Takes all rows of a relation, in its order, and counts them in Counters::rows while it does. Columns are matched by
  // position. Throws Error(bad_data) when a row does not fit; nothing of the relation is then in the table.
  virtual void append(const Relation& relation) = 0;
  // The last row has come: all are in the table now.
  virtual void finish() = 0;
};

// What a destination is opened for.
enum class Access {
  change,
  look,  // describe(), resolve(), and apply() of checks that look at no row; nothing is made, not even a file
};

class Destination {
 public:
  virtual ~Destination() = default;
  // The columns of a table that rows can be written into; nothing when there is no such table. Throws
  // Error(unsupported) for a view, Error(bad_data) for what cannot be read.
  virtual std::optional<Schema> describe(const TableName& table) = 0;
  // The columns of a table, if there is one, that the destination works out itself from others of a row.
  virtual std::vector<std::string> computed_columns(const TableName&) { return {}; }
  // The name with the default schema filled in. Throws Error(usage) when the destination cannot have such a name.
  virtual TableName resolve(const TableName& table) const = 0;
  // The longest name that a column can have, in bytes. Longer ones are shortened.
  virtual size_t longest_column_name() const { return SIZE_MAX; }
  // Of columns that land, those of which a table that is made here has the type that the source's database calls theirs, with that type.
  virtual std::vector<Column> source_types(const Schema&) { return {}; }
  // Whether an appender takes rows from there itself, so that they need not have types of the engine on their way.
  virtual bool takes(const Origin&) const { return false; }
  // Throws Error(unsupported) when rows cannot be told apart by a column of such a type.
  virtual void check_key(const Column&) const {}
  // Before rows land that are masked on their way: from now on nothing reaches the disk but what lands, neither by spilling
  // nor with what a block of the file holds besides rows.
  virtual void keep_private() {}
  // Whether write() can make a table of rows as they come, so that they need not land first.
  virtual bool writes_straight() const { return false; }
  // Does a straight plan: its table is made of all rows of the relation, in their order, which are counted in Counters::rows
  // meanwhile. They have the columns that steps of the plan add. Throws Error(bad_data) when a row does not fit; nothing is done
  // then.
  virtual void write(const Plan&, const Relation&) {
    throw Error(ErrorKind::internal, "rows are written straight into what they have to land in");
  }
  // For a table that a Step has created.
  virtual std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) = 0;
  // Does all steps in one transaction, or none. What it did may be durable only after settle() or close(): a process that is killed
  // in between leaves either what was before or what came after, nothing in between.
  virtual void apply(const std::vector<Step>& steps) = 0;
  // Behind a table of a run that loads more of them: what apply() did is durable and stays, whatever becomes of the others.
  virtual void settle() {}
  // Makes everything durable and lets go. Without it a destructor undoes what can be undone (a new file is removed).
  virtual void close() = 0;
  // Throws Error(unsupported) when no table can have a column of such a name.
  virtual void check_column(std::string_view) const {}
  // Likewise of so many; `ordered`: of rows that a Deduplicate tells apart.
  virtual void check_count(size_t /*columns*/, bool /*ordered*/) const {}
};

// Landing tables are named with this prefix, in the target's schema; nothing else may be.
inline constexpr std::string_view kLandingPrefix = "_ingestr_landing_";
inline bool is_landing(const TableName& table) { return table.table.starts_with(kLandingPrefix); }

}  // namespace ingestr
