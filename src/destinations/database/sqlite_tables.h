// What a SQLite file has, as far as a load wants to know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "database/sqlite_client.h"
#include "destinations/database/sqlite_definition.h"
#include "sql/target_table.h"

namespace ingestr::database {

inline constexpr std::string_view kSqliteSchema = "main";

// One thread at a time, the client's, which outlives it.
class SqliteTables {
 public:
  explicit SqliteTables(SqliteClient& client) : client_(client) {}

  TableKind kind_of(const TableName& table);
  bool has_triggers(const TableName& table);

  struct TableColumn {
    std::string name;
    std::string declared;  // its type
    bool is_generated = false;
    bool is_any = false;  // ANY of a STRICT table, which keeps each value as it is; `declared` is empty then
  };
  std::vector<TableColumn> columns(const TableName& table);

  // The columns that rows can be written into; one that is declared without a type, or as ANY, has that of its values. Nothing: there is no such
  // table. Throws Error(unsupported) for a view and for a virtual table.
  std::optional<Schema> describe(const TableName& table);

  SqliteDefinition definition(const TableName& table);

  // A statement that changes the table's rows, so that one that breaks a constraint ends it also where the table has rules of its own for
  // that, which leave out such a row or the one that it is like: PRIMARY KEY ON CONFLICT IGNORE. It goes for what triggers do, too, and so
  // is as it was for any other table.
  std::string keeping_all(const TableName& table, std::string statement);

  // By what a row's number is called that is no column; empty: it has none, or the names are those of columns.
  std::string row_number(const TableName& table);

  // What goes with a table that is dropped and can be made again: an index or a trigger.
  struct Belonging {
    std::string name;  // for people: "index by_name"
    std::string sql;
  };
  std::vector<Belonging> belongings(const TableName& table);

 private:
  Type type_of_values(const TableName& table, const std::string& column);

  SqliteClient& client_;
};

// With the schema filled in, of which there is one. Throws Error(usage) for another one and for names that nothing of ours may have.
TableName resolve_in_sqlite(const TableName& table);

}  // namespace ingestr::database
