// What tables a MySQL server has, as far as a load wants to know. A schema is a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "database/mysql_client.h"
#include "destinations/database/mysql_types.h"
#include "sql/target_table.h"

namespace ingestr::database {

// One thread at a time, the client's, which outlives it.
class MysqlTables {
 public:
  explicit MysqlTables(MysqlClient& client) : client_(client) {}

  TableKind kind_of(const TableName& table);

  bool has_schema(const std::string& schema);
  bool is_empty(const std::string& schema);

  std::vector<MysqlColumn> columns(const TableName& table);

  // Nothing: there is no such table. Throws Error(unsupported) for what takes no rows of ours: a view, a table of an engine
  // without transactions, a column of a type that would make something else of a text, by its name.
  std::optional<Schema> describe(const TableName& table);

  // With the default schema filled in, the database of the URI. Throws Error(usage) for names that nothing of ours may have.
  TableName resolve(const TableName& table) const;

  // Landing tables that the user of the session can see.
  std::vector<TableName> landings();

  // What a table has besides columns.
  struct Belongings {
    bool indexes = false;     // or constraints
    bool triggers = false;
    bool foreign_keys = false;  // from it
    bool options = false;       // partitions, a comment
    bool history = false;       // WITH SYSTEM VERSIONING
  };
  Belongings belongings(const TableName& table);

  // Throws Error(unsupported) naming the columns, which are to be added or to change, where the server does that to no table with a
  // history and this one has one.
  void require_changeable(const TableName& table, const std::vector<std::string>& columns);

  // A foreign key that refers to a table.
  struct Reference {
    TableName from;
    std::string name;
    std::vector<std::string> columns;   // of `from`
    std::vector<std::string> referred;  // of the table
  };
  std::vector<Reference> references_to(const TableName& table);

  // Throws Error(unsupported) when rows of other tables would go, or change, with rows of this one.
  void require_no_cascade(const TableName& table);

  // The columns of an index, in its order.
  std::vector<std::string> index_columns(const TableName& table, const std::string& index);
  // What its AUTO_INCREMENT comes to next; 0: it has none.
  uint64_t next_number(const TableName& table);
  // Whether triggers of the table see an UPDATE of its rows.
  bool has_update_triggers(const TableName& table);
  bool is_indexed(const TableName& table, const std::string& column);

 private:
  bool has_history(const TableName& table);
  std::optional<std::string> engine_of(const TableName& table);

  MysqlClient& client_;
};

// Runs a statement that changes rows of a table. Throws Error(constraint) that names the key, when one is there already, and
// Error(bad_data) when the server changed a value on its way: the transaction is then to be rolled back.
void change_rows(MysqlClient& client, MysqlTables& tables, const TableName& table, const std::string& sql);

}  // namespace ingestr::database
