// Tables: what is in a DuckDB file, apart from rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "destinations/duckdb/dialect.h"
#include "duck/connection.h"
#include "engine/step.h"
#include "sql/target_table.h"

namespace ingestr {

// The schema that a table is in, which its name may leave out.
std::string schema_of(const TableName& table);

struct TableColumn {
  std::string name;
  Type type;           // to us
  std::string native;  // to DuckDB
  bool is_computed = false;
  std::string collation{};  // as SQL; empty: texts are the same only where their bytes are
};

// `connection` and `dialect` outlive it; one thread at a time.
class Tables {
 public:
  Tables(duck::Connection& connection, const DuckdbDialect& dialect, std::string catalog)
      : connection_(connection), dialect_(dialect), catalog_(std::move(catalog)) {}

  // The name with the default schema. Throws what Destination::resolve() does.
  static TableName resolve(const TableName& table);

  TableKind kind_of(const TableName& name);
  bool has_schema(const std::string& name);
  // All of a table that exists, also those that are computed.
  std::vector<TableColumn> columns(const TableName& table);
  std::vector<std::string> computed_columns(const TableName& table);
  // What Destination::describe() says.
  std::optional<Schema> describe(const TableName& table);
  // Those that are named like landing tables.
  std::vector<TableName> landings();
  // Whether a foreign key of the table or of another one's to it forbids that its rows go and come.
  bool has_foreign_key(const TableName& name);
  bool has_index(const TableName& name);  // but for those of keys
  // Columns whose values are not NULL where nobody gives one, but for computed ones.
  std::vector<std::string> columns_with_default(const TableName& name);

 private:
  bool is_computed(const TableName& table, const std::string& column);

  duck::Connection& connection_;
  const DuckdbDialect& dialect_;
  std::string catalog_;
};

// While it lives, names without a schema are looked for in this one first.
class SearchPath {
 public:
  SearchPath(duck::Connection& connection, const std::string& schema, const DuckdbDialect& dialect);
  ~SearchPath();
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;

 private:
  duck::Connection& connection_;
};

}  // namespace ingestr
