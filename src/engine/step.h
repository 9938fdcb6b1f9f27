// Step: one change to a destination, small enough that a SQL destination says it in a few statements.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"

namespace ingestr {

struct CreateSchema { std::string schema; };                     // unless it exists
struct DropLandings {};                                          // landing tables that dead runs left
// `ordered`: a Deduplicate will ask for the order in which rows came; `passing`: its rows go into another table, and it goes.
struct CreateTable { TableName table; Schema schema; bool ordered = false; bool passing = false; };
struct DropTable { TableName table; };                           // if it exists; also a view of that name
struct RenameTable { TableName from; std::string to; };          // within its schema
// `from` takes the place of `to`, of the same schema, if there is such a table; a view of that name goes. Keys and other
// constraints, NOT NULL, defaults, indexes and comments of `to` stay, as far as the columns of `from` allow; a warning names those
// that do not. Throws Error(constraint) for a row of `from` that breaks one.
struct ReplaceTable { TableName from; TableName to; };
struct AddColumn { TableName table; Column column; };            // NULL in the rows that are there
// Gives a column that landed as JSON text its type: JSON null becomes NULL, a JSON string its characters, a number or
// boolean its value; varchar keeps the text of what is no string, and the escapes of a string that no UTF-8 can hold.
// Nothing to do for json.
struct DecodeColumn { TableName table; std::string column; Type type; };
// Adds a last column that says when the run was, the same for every row.
struct AddLoadTimestamp { TableName table; std::string column; SystemTime time; };
// The files of a table are kept apart by the values of these columns. For destinations that are files.
struct PartitionTable { TableName table; std::vector<std::string> columns; };
// Gives a column a wider type (engine/evolution.h). What is no JSON becomes a JSON value, not JSON text.
struct RetypeColumn { TableName table; std::string column; Type from; Type to; };

// Gives columns, all in one pass, the types that the source's database has for them (Type::source), which hold their values.
struct RetypedColumn { std::string name; Type from; Type to; };
struct RestoreTypes { TableName table; std::vector<RetypedColumn> columns; };

// Three that change nothing. Two throw Error(bad_data). A value of the column would not survive the way to the type and back:
struct RequireExact { TableName table; std::string column; Type from; Type to; };
// A column has NULL; the Error names it, counts the rows and says `why` that is wrong.
struct RequireNoNulls { TableName table; std::vector<std::string> columns; std::string why; };
// Throws Error(usage) when `predicate` (of a MergeRows) is no condition that rows of these columns can fulfil.
struct RequirePredicate { std::string predicate; Schema target; Schema source; };

// Of rows with the same key only one stays: that with the highest `order_by` (NULL is lowest), if that is not empty,
// and among those the last to land. For a landing table.
struct Deduplicate { TableName table; std::vector<std::string> key; std::string order_by; };

// A column on its way from one table to another, with its type in each.
struct CopiedColumn {
  std::string from;
  std::string to;
  Type from_type;
  Type to_type;

  bool operator==(const CopiedColumn&) const = default;
};
// All rows; columns that are not copied get their defaults.
struct InsertRows { TableName from; TableName to; std::vector<CopiedColumn> columns; };
// A row of `to` that matches one of `from` in all of `key` (names in `to`) gets its other copied columns; a row of
// `from` that matches none is inserted. Several rows of `to` that match one may become one. `predicate` is SQL that a match must fulfil as well, with the tables named
// `target` and `source`, and the columns as in `to`; empty: none.
struct MergeRows {
  TableName from;
  TableName to;
  std::vector<CopiedColumn> columns;
  std::vector<std::string> key;
  std::string predicate;
};

// Versions, the rows of scd2: of each key at most one is current, and when it was so is in three more columns.
inline constexpr std::string_view kValidFromColumn = "_scd_valid_from";  // inclusive
inline constexpr std::string_view kValidToColumn = "_scd_valid_to";      // exclusive; NULL: still valid
inline constexpr std::string_view kIsCurrentColumn = "_scd_is_current";
// Adds the three columns to a table whose rows are all current from `time` on.
struct AddVersionColumns { TableName table; SystemTime time; };
// A current row of `to` is closed at `time` when the row of `from` with its `key` (names in `to`) differs in one of
// `compared`, NULL being a value like others; with `vanished`, also when there is no such row.
struct CloseVersions {
  TableName from;
  TableName to;
  std::vector<CopiedColumn> keys;
  std::vector<CopiedColumn> compared;
  bool vanished = false;
  SystemTime time;
};
// A row of `from` whose key has no current row in `to` becomes one. `kept` are columns of `to` that are not copied: they
// have the value of the row that was closed at `time`, if there is one.
struct InsertVersions {
  TableName from;
  TableName to;
  std::vector<CopiedColumn> columns;
  std::vector<std::string> key;
  std::vector<std::string> kept;
  SystemTime time;
};

// What a schema contract leaves out of a landing table; counted (base/counters.h) once it is done.
// Rows with a value in one of `columns`, or with one that does not fit into its column of the target, whose type the
// column then gets:
struct DiscardRows { TableName table; std::vector<std::string> columns; std::vector<CopiedColumn> narrowed; };
// the values of a column, which nothing copies;
struct DiscardColumn { TableName table; std::string column; };
// values that do not fit into a type that is not wider: NULL takes their place, and the column gets the type.
struct FitColumn { TableName table; std::string column; Type from; Type to; };

// Rows to delete, by one column. Between two times, both inclusive, each open when it is nothing:
struct DeleteInterval { TableName table; std::string column; Type type; std::optional<SystemTime> start, end; };
// between the lowest and the highest value that `column` has in `from`, inclusive; without a value: none;
struct DeleteLandedRange { TableName from; TableName table; CopiedColumn column; };
// with a value that `column` has in `from`.
struct DeleteLandedValues { TableName from; TableName table; CopiedColumn column; };

using Step = std::variant<CreateSchema, DropLandings, CreateTable, DropTable, RenameTable, ReplaceTable, AddColumn, DecodeColumn,
                          AddLoadTimestamp, PartitionTable, RetypeColumn, RestoreTypes, RequireExact, RequireNoNulls, RequirePredicate,
                          Deduplicate, InsertRows, MergeRows, AddVersionColumns, CloseVersions, InsertVersions, DiscardRows,
                          DiscardColumn, FitColumn, DeleteInterval, DeleteLandedRange, DeleteLandedValues>;

// Whether a step is one of these kinds.
template <class... Kinds>
bool is_any_of(const Step& step) {
  return (std::holds_alternative<Kinds>(step) || ...);
}

// One line of plain text, e.g. `create table dest.objects (id JSON, …)`. Golden tests and --dry-run print it.
std::string to_text(const Step& step);

// Where a step is, for what goes wrong in it: "column n of dest.t"; empty for steps that say so themselves.
std::string place_of(const Step& step);

}  // namespace ingestr
