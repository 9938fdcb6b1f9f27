#include "destinations/database/sqlite_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "database/sqlite_types.h"
#include "duck/text.h"
#include "engine/destination.h"

namespace ingestr::database {
namespace {

bool is_main(const TableName& table) { return equal_ignoring_case(table.schema, kSqliteSchema); }

// Names are the same whatever their case.
std::string is_named(const TableName& table) { return fmt::format("name = {} COLLATE NOCASE", duck::quote_text(table.table)); }

}  // namespace

TableKind SqliteTables::kind_of(const TableName& table) {
  if (!is_main(table)) return TableKind::nothing;
  const auto rows = client_.query(
      fmt::format("SELECT type, sql LIKE 'CREATE VIRTUAL%' FROM main.sqlite_schema WHERE {} AND type IN ('table', 'view')", is_named(table)));
  if (rows.empty()) return TableKind::nothing;
  if (rows[0][0] == "view") return TableKind::view;
  return rows[0][1] == "1" ? TableKind::virtual_table : TableKind::table;
}

bool SqliteTables::has_triggers(const TableName& table) {
  return client_.number(fmt::format("SELECT count(*) FROM main.sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND type = 'trigger'",
                                    duck::quote_text(table.table))) > 0;
}

std::vector<SqliteTables::TableColumn> SqliteTables::columns(const TableName& table) {
  std::vector<TableColumn> columns;
  for (const auto& row : client_.query(fmt::format("SELECT name, type, hidden, type = 'ANY' COLLATE NOCASE AND EXISTS (SELECT 1 FROM pragma_table_list "
                                                   "WHERE schema = 'main' AND {} AND strict) FROM pragma_table_xinfo({}, 'main') ORDER BY cid",
                                                   is_named(table), duck::quote_text(table.table)))) {
    const bool is_any = row[3] == "1";
    columns.push_back({row[0].value(), is_any ? "" : row[1].value_or(""), row[2] != "0", is_any});
  }
  return columns;
}

std::optional<Schema> SqliteTables::describe(const TableName& table) {
  if (!takes_rows(kind_of(table), table)) return std::nullopt;
  Schema schema;
  for (const TableColumn& column : columns(table)) {
    if (column.is_generated) continue;
    schema.columns.push_back({column.name, column.declared.empty() ? type_of_values(table, column.name) : type_of_sqlite(column.declared), false});
  }
  return schema;
}

// What such a column is given it keeps as it is, so a number is a number only where it comes as one.
Type SqliteTables::type_of_values(const TableName& table, const std::string& column) {
  const std::string name = duck::quote_name(column);
  const std::string is_exact = fmt::format("typeof({0}) <> 'integer' OR {0} BETWEEN -9007199254740992 AND 9007199254740992", name);
  const auto all = [&](std::string_view kinds) { return fmt::format("min(typeof({}) IN ('null', {}))", name, kinds); };
  const auto rows = client_.query(fmt::format("SELECT CASE WHEN count({}) = 0 THEN '' WHEN {} THEN 'integer' WHEN {} AND min({}) THEN 'real' WHEN {} "
                                              "THEN 'blob' ELSE '' END FROM main.{}",
                                              name, all("'integer'"), all("'integer', 'real'"), is_exact, all("'blob'"), duck::quote_name(table.table)));
  const std::string kind = rows.at(0).at(0).value_or("");
  if (kind == "integer") return TypeId::bigint;
  if (kind == "real") return TypeId::double_;
  return kind == "blob" ? TypeId::blob : TypeId::varchar;
}

SqliteDefinition SqliteTables::definition(const TableName& table) {
  const auto rows = client_.query(fmt::format("SELECT sql FROM main.sqlite_schema WHERE {} AND type = 'table'", is_named(table)));
  return parse_sqlite_definition(rows.at(0).at(0).value_or(""));
}

std::string SqliteTables::keeping_all(const TableName& table, std::string statement) {
  const bool is_change = statement.starts_with("INSERT ") || statement.starts_with("UPDATE ");
  const auto has_rule = [](const SqliteDefinition::Part& part) { return has_sql_word(part.rest, "conflict"); };
  if (is_change && std::ranges::any_of(definition(table).parts, has_rule)) statement.insert(statement.find(' '), " OR ABORT");
  return statement;
}

std::string SqliteTables::row_number(const TableName& table) {
  if (has_sql_word(definition(table).options, "without")) return "";
  const std::vector<TableColumn> there = columns(table);
  for (const char* name : {"rowid", "_rowid_", "oid"}) {
    if (std::ranges::none_of(there, [&](const TableColumn& column) { return equal_ignoring_case(column.name, name); })) return name;
  }
  return "";
}

std::vector<SqliteTables::Belonging> SqliteTables::belongings(const TableName& table) {
  std::vector<Belonging> belongings;
  // Those that a constraint makes have no statement.
  for (const auto& row : client_.query(fmt::format("SELECT type, name, sql FROM main.sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND "
                                                   "type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
                                                   duck::quote_text(table.table)))) {
    belongings.push_back({fmt::format("{} {}", row[0].value(), row[1].value()), row[2].value()});
  }
  return belongings;
}

TableName resolve_in_sqlite(const TableName& table) {
  TableName resolved = table;
  if (resolved.schema.empty()) resolved.schema = kSqliteSchema;
  if (!is_main(resolved)) {
    throw Error(ErrorKind::usage, fmt::format("a SQLite file has no schema but main, so not {}; write --dest-table {}", resolved.schema,
                                              to_string(TableName{"", table.table})));
  }
  resolved.schema = kSqliteSchema;
  check_table_name(resolved.table);
  if (to_lower(resolved.table).starts_with("sqlite_")) {
    throw Error(ErrorKind::usage, fmt::format("{} begins with sqlite_, as only tables of SQLite's own do; choose another", resolved.table));
  }
  return resolved;
}

}  // namespace ingestr::database
