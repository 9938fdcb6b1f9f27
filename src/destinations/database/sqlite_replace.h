// Tables of SQLite that are made anew: to be replaced, or because a column gets another type, which SQLite gives to no column. What
// others gave a table stays: keys and other constraints, NOT NULL, defaults, collations, generated columns, indexes, triggers,
// views on it, foreign keys to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "destinations/database/sqlite_dialect.h"
#include "destinations/database/sqlite_tables.h"
#include "engine/step.h"

namespace ingestr::database {

// Both in the transaction that is open on the client. The client has foreign_keys off and legacy_alter_table on, so that nothing
// that refers to the table is changed or deleted.
class SqliteReplace {
 public:
  // The others outlive it.
  SqliteReplace(SqliteClient& client, SqliteTables& tables, const SqliteDialect& dialect)
      : client_(client), tables_(tables), dialect_(dialect) {}

  // The table gets these columns, those it has keep their places, and the rows that `fill` brings; no trigger sees them. Returns
  // what its new columns do not allow, for people. Throws Error(constraint) for a row that breaks what is kept.
  std::vector<std::string> replace(const TableName& table, const Schema& columns, const std::function<void()>& fill);

  // Gives a column another type, and its values the expression over the old ones.
  void retype(const TableName& table, const std::string& column, const Type& type, const std::string& value);

 private:
  bool can_be(const SqliteDefinition& definition);
  SqliteDefinition wanted(const SqliteDefinition& old, const Schema& columns, std::vector<std::string>& lost);
  SqliteDefinition possible(const SqliteDefinition& wanted, std::vector<std::string>& lost);
  // The last number that AUTOINCREMENT has given; 0: none, or the table has no such column. A dropped table's is forgotten.
  int64_t last_number(const TableName& table);
  void keep_number(const TableName& table, int64_t number);
  void add(const std::vector<SqliteTables::Belonging>& belongings, std::vector<std::string>& lost);

  SqliteClient& client_;
  SqliteTables& tables_;
  const SqliteDialect& dialect_;
};

}  // namespace ingestr::database
