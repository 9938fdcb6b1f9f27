// Where rows go. A destination knows steps and nothing of strategies.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "data/batch.h"
#include "data/schema.h"

namespace ingestr {

// One change to the destination. Each is small enough that a SQL destination says it in one or two statements.
struct CreateSchema { std::string schema; };                    // unless it exists
struct DropLandings {};                                          // landing tables that dead runs left
struct CreateTable { TableName table; Schema schema; };
struct DropTable { TableName table; };                           // if it exists; also a view of that name
struct RenameTable { TableName from; std::string to; };          // within its schema
// Gives a column that landed as JSON text its type: JSON null becomes NULL, a JSON string its characters, a number or
// boolean its value; varchar keeps the text of what is no string, and the escapes of a string that no UTF-8 can hold.
// Nothing to do for json.
struct DecodeColumn { TableName table; std::string column; Type type; };
// Adds a last column that says when the run was, the same for every row.
struct AddLoadTimestamp { TableName table; std::string column; SystemTime time; };

using Step = std::variant<CreateSchema, DropLandings, CreateTable, DropTable, RenameTable, DecodeColumn,
                          AddLoadTimestamp>;

// One line of plain text, e.g. `create table dest.objects (id JSON, …)`. Golden tests and --dry-run print it.
std::string to_text(const Step& step);

// Writes rows into one landing table. Used by one thread at a time. Destroyed without finish(): its rows are gone.
class Appender {
 public:
  virtual ~Appender() = default;
  // Takes the batch over. Columns are matched by position; a batch may have more columns than the table has so far:
  // they are added to the table (inferred ones as JSON). Throws Error(bad_data) naming column and row
  // when a value does not fit.
  virtual void append(Batch batch) = 0;
  // The last row has come: all are in the table now.
  virtual void finish() = 0;
};

class Destination {
 public:
  virtual ~Destination() = default;
  // The columns of a table; nothing when there is no such table.
  virtual std::optional<Schema> describe(const TableName& table) = 0;
  // The name with the default schema filled in. Throws Error(usage) when the destination cannot have such a name.
  virtual TableName resolve(const TableName& table) const = 0;
  // For a table that a Step has created.
  virtual std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) = 0;
  // Does all steps in one transaction, or none. What it did may be durable only after close(): a process that is killed
  // in between leaves either what was before or what came after, nothing in between.
  virtual void apply(const std::vector<Step>& steps) = 0;
  // Makes everything durable and lets go. Without it a destructor undoes what can be undone (a new file is removed).
  virtual void close() = 0;
};

// Landing tables are named with this prefix, in the target's schema; nothing else may be.
inline constexpr std::string_view kLandingPrefix = "_ingestr_landing_";

}  // namespace ingestr
