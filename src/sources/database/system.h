// System: what the source has to know of one kind of database: how the embedded engine gets at it, and how each of its types
// is read without loss.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/schema.h"
#include "duck/connection.h"
#include "duck/extension.h"
#include "engine/relation.h"
#include "sources/database/sql_text.h"

namespace ingestr::database {

// The rows that are read: those of a table, or of a query of the user's.
struct Selection {
  std::string select;              // in the database's SQL; fit to stand in parentheses behind FROM
  std::optional<TableName> table;  // nothing: a query
};

// A column on its way from the database into the engine.
struct ReadColumn {
  std::string name;
  std::string there;  // what is asked for, in the database's SQL, over the selection's columns
  std::string here;   // what becomes of it, in the engine's SQL, over a column of this name
  Type type;
  // The engine reads the column itself just like that, where no row meets the condition, in the database's SQL; nothing: it does not.
  std::optional<std::string> unread_where{};
  std::string unread_because{};  // a sentence
  // A condition in the engine's SQL over a value, for which {0} stands: it is another one than the database has, which only a database of the
  // same kind makes the same again; empty: it never is.
  std::string wrong_where{};
  std::string wrong_because{};  // a sentence without its beginning, "column x of t"
};

// A whole table, read by the engine itself with several connections at a time, all as of one moment: see Relation.
struct ParallelScan {
  std::string from;  // columns are called as they are
  std::function<std::unique_ptr<RowCheck>(duck::Connection& connection)> check{};  // of a Relation of it
};

// The catalog that the database is in the engine, and the secret that opens it. The same for all, for a run reads from one.
inline constexpr std::string_view kCatalog = "_ingestr_source";

// The side of a column's values on which a moment of a query stands, and so what it must be where texts are compared, of which one moment may
// have several: not above any of its own texts (`at >= …`, `at < …`), or not below any (`at <= …`, `at > …`).
enum class Side { none, least, greatest };

// Never changes; thread-safe. A `connection` is one that has run attach().
class System {
 public:
  virtual ~System() = default;

  // "shop on 127.0.0.1:5432"; no secret.
  virtual std::string shown() const = 0;
  // Or a file, with which there is no connection to lose.
  virtual bool is_server() const { return true; }
  // Nothing: the engine itself reads it.
  virtual std::optional<duck::Extension> extension() const = 0;
  // Statements that make the database the engine's catalog kCatalog, for reading; harmless when it is that already. They may
  // hold a password and are never shown; what goes wrong in them is connect_failure.
  virtual std::vector<std::string> attach() const = 0;
  // Likewise, as the catalog of the name by which views in it and queries may call it. That may be another's in an engine that is not ours alone.
  // Empty: it has no such name.
  virtual std::vector<std::string> attach_by_own_name() const { return {}; }
  // What a schema is qualified with, or a catalog of the engine could not be told from it; empty: nothing.
  virtual std::string before_schema(bool /*by_own_name*/) const { return ""; }
  virtual Error connect_failure(const Error& error) const = 0;

  virtual SqlFamily family() const { return SqlFamily::plain; }
  virtual std::string identifier(std::string_view name) const = 0;
  // A literal of the database's SQL, to be compared with a column of this type.
  virtual std::string time(SystemTime time, const Type& type) const = 0;
  // The same in a query of the user's, where it stands beside whatever there is.
  virtual std::string time_in_query(SystemTime time, Side side) const = 0;
  // What stands in a comparison of the column with a literal.
  virtual std::string compared(const Column& column) const { return identifier(column.name); }
  // A condition: a column of times has a value that is none to us, but NULL; empty: no value is.
  virtual std::string null_time(std::string_view /*identifier*/) const { return ""; }
  // False: a column of times may be anything there, so the engine compares.
  virtual bool compares_times() const { return true; }

  // Ends at the server what scan() has running there, by a session of its own. Throws Error when it cannot be done; where there is no
  // server the engine ends it itself.
  virtual void cancel() const {}

  // A relation of the engine with the rows of a SELECT in the database's SQL.
  virtual std::string scan(const std::string& select) const = 0;
  // Nothing: it cannot be, or is not worth it.
  virtual std::optional<ParallelScan> parallel_scan(duck::Connection& /*connection*/, const TableName& /*table*/,
                                                    const std::vector<ReadColumn>& /*columns*/) const {
    return std::nullopt;
  }
  // What another database of the same kind may take instead: `from` is what follows SELECT and the columns. Null: nothing.
  virtual std::shared_ptr<const Origin> origin(const std::vector<ReadColumn>& /*columns*/, const std::string& /*from*/) const {
    return nullptr;
  }
  // Throws Error with the database's words when the selection cannot be read.
  virtual std::vector<ReadColumn> columns(duck::Connection& connection, const Selection& selection) const = 0;

  // SELECTs in the database's SQL that give texts. The columns of a table's primary key, in order:
  virtual std::string primary_key_query(const TableName& table) const = 0;
  // About how many rows a table has, where that is known without a look at them; empty: it is not.
  virtual std::string row_count_query(const TableName&) const { return ""; }
  // Of every table and view: its schema (NULL: the default one), its name, "table" or "view", the columns of its primary key
  // parted by line ends, and whether it may be read, "true" or "false".
  virtual std::string tables_query() const = 0;

  // Throws connect_failure() when no server answers in the time that its URI gives it, of which attach() may know nothing.
  virtual void reach() const {}
};

}  // namespace ingestr::database
