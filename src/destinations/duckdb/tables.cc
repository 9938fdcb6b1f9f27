#include "destinations/duckdb/tables.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "destinations/duckdb/natives.h"
#include "duck/text.h"
#include "engine/destination.h"
#include "sql/check.h"

namespace ingestr {
namespace {

// DuckDB refuses new tables in these.
bool is_system_schema(std::string_view name) {
  return equal_ignoring_case(name, "information_schema") || equal_ignoring_case(name, "pg_catalog");
}

// The catalog says what collation a column has in the CREATE TABLE alone, as `, name VARCHAR COLLATE NOCASE`.
std::string collation_in(const std::string& definition, const std::string& column) {
  for (const std::string& name : {column, duck::quote_name(column)}) {
    for (const char before : {'(', ' '}) {
      const std::string begin = fmt::format("{}{} VARCHAR COLLATE ", before, name);
      const size_t at = definition.find(begin);
      if (at == std::string::npos) continue;
      const size_t from = at + begin.size();
      return definition.substr(from, definition.find_first_of(" ,)", from) - from);
    }
  }
  return "";
}

}  // namespace

std::string schema_of(const TableName& table) { return table.schema.empty() ? std::string(DuckdbDialect::kDefaultSchema) : table.schema; }

TableName Tables::resolve(const TableName& table) {
  TableName resolved = table;
  resolved.schema = schema_of(table);
  if (is_system_schema(resolved.schema)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} is a schema of DuckDB's own; name another", resolved.schema));
  }
  check_table_name(resolved.table);
  return resolved;
}

TableKind Tables::kind_of(const TableName& name) {
  const auto rows = connection_.query(fmt::format(
      "SELECT table_type FROM information_schema.tables WHERE table_catalog = {} AND "
      "lower(table_schema) = lower({}) AND lower(table_name) = lower({})",
      dialect_.text(catalog_), dialect_.text(schema_of(name)), dialect_.text(name.table)));
  if (rows.empty()) return TableKind::nothing;
  return rows[0][0] == "VIEW" ? TableKind::view : TableKind::table;
}

bool Tables::has_schema(const std::string& name) {
  return !connection_
              .query(fmt::format("SELECT 1 FROM duckdb_schemas() WHERE database_name = {} AND "
                                 "lower(schema_name) = lower({})",
                                 dialect_.text(catalog_), dialect_.text(name)))
              .empty();
}

std::optional<Schema> Tables::describe(const TableName& table) {
  if (!takes_rows(kind_of(table), table)) return std::nullopt;
  Schema schema;
  for (const TableColumn& column : columns(table)) {
    if (!column.is_computed) schema.columns.push_back({column.name, column.type, false});
  }
  return schema;
}

std::vector<TableColumn> Tables::columns(const TableName& table) {
  const Schema schema = connection_.describe(fmt::format("FROM {}", dialect_.table(table)));
  const auto definition = connection_.query(fmt::format(
      "SELECT sql FROM duckdb_tables() WHERE database_name = {} AND lower(schema_name) = lower({}) AND lower(table_name) = lower({})",
      dialect_.text(catalog_), dialect_.text(schema_of(table)), dialect_.text(table.table)));
  const auto rows = connection_.query(fmt::format(
      "SELECT data_type, column_default IS NOT NULL FROM duckdb_columns() WHERE database_name = {} AND lower(schema_name) = lower({}) AND "
      "lower(table_name) = lower({}) ORDER BY column_index",
      dialect_.text(catalog_), dialect_.text(schema_of(table)), dialect_.text(table.table)));
  std::vector<TableColumn> columns;
  for (const Column& column : schema.columns) {
    const auto& row = rows.at(columns.size());
    const std::string& native = row[0].value();
    columns.push_back({column.name, type_of_column(native, column.type), native, row[1] == "true" && is_computed(table, column.name),
                       collation_in(definition.at(0).at(0).value(), column.name)});
  }
  return columns;
}

std::vector<std::string> Tables::computed_columns(const TableName& table) {
  std::vector<std::string> names;
  if (kind_of(table) != TableKind::table) return names;
  for (const TableColumn& column : columns(table)) {
    if (column.is_computed) names.push_back(column.name);
  }
  return names;
}

// The catalog has the expression as if it were a default.
bool Tables::is_computed(const TableName& table, const std::string& column) {
  try {
    connection_.describe(fmt::format("INSERT INTO {} ({}) VALUES (NULL)", dialect_.table(table), dialect_.identifier(column)));
    return false;
  } catch (const Error& error) {
    if (std::string_view(error.what()).find("generated column") == std::string_view::npos) throw;
    return true;
  }
}

std::vector<TableName> Tables::landings() {
  std::vector<TableName> names;
  for (const auto& row : connection_.query(fmt::format(
           "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = {} AND "
           "starts_with(table_name, {})",
           dialect_.text(catalog_), dialect_.text(kLandingPrefix)))) {
    names.push_back({row[0].value(), row[1].value()});
  }
  return names;
}

bool Tables::has_foreign_key(const TableName& name) {
  const std::string table = dialect_.text(name.table);
  return !connection_
              .query(fmt::format(
                  "SELECT 1 FROM duckdb_constraints() WHERE database_name = {} AND constraint_type "
                  "= 'FOREIGN KEY' AND lower(schema_name) = lower({}) AND (lower(table_name) = "
                  "lower({}) OR lower(referenced_table) = lower({}))",
                  dialect_.text(catalog_), dialect_.text(schema_of(name)), table, table))
              .empty();
}

bool Tables::has_index(const TableName& name) {
  return !connection_
              .query(fmt::format("SELECT 1 FROM duckdb_indexes() WHERE database_name = {} AND lower(schema_name) = lower({}) AND "
                                 "lower(table_name) = lower({})",
                                 dialect_.text(catalog_), dialect_.text(schema_of(name)), dialect_.text(name.table)))
              .empty();
}

std::vector<std::string> Tables::columns_with_default(const TableName& name) {
  std::vector<std::string> columns;
  for (const auto& row : connection_.query(fmt::format(
           "SELECT column_name FROM duckdb_columns() WHERE database_name = {} AND "
           "lower(schema_name) = lower({}) AND lower(table_name) = lower({}) AND column_default IS "
           "NOT NULL",
           dialect_.text(catalog_), dialect_.text(schema_of(name)), dialect_.text(name.table)))) {
    if (!is_computed(name, row[0].value())) columns.push_back(row[0].value());
  }
  return columns;
}

SearchPath::SearchPath(duck::Connection& connection, const std::string& schema, const DuckdbDialect& dialect)
    : connection_(connection) {
  connection_.execute("USE " + dialect.schema(schema));
}

SearchPath::~SearchPath() {
  try {
    connection_.execute("USE memory.main");
  } catch (const std::exception&) {
    // The transaction has failed. Statements that follow name schemas anyway.
  }
}

}  // namespace ingestr
