#include "destinations/database/mysql_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "data/doubled_key.h"
#include "database/mysql_failure.h"
#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_order.h"
#include "duck/text.h"
#include "engine/destination.h"
#include "sql/cascade.h"

namespace ingestr::database {
namespace {

using duck::quote_text;

std::string names_table(const TableName& table, std::string_view schema_column = "table_schema", std::string_view table_column = "table_name") {
  return is_mysql_name(schema_column, quote_text(table.schema)) + " AND " + is_mysql_name(table_column, quote_text(table.table));
}

// The default as SQL: MariaDB has it so, MySQL has the characters of a literal.
std::optional<std::string> initial_of(const std::optional<std::string>& text, const std::string& extra, bool is_mariadb) {
  if (!text || (is_mariadb && *text == "NULL")) return std::nullopt;
  if (is_mariadb) return text;
  return extra.find("DEFAULT_GENERATED") != std::string::npos ? "(" + *text + ")" : quote_text(*text);
}

constexpr std::string_view kOwnSchemas[] = {"information_schema", "mysql", "performance_schema", "sys"};

[[noreturn]] void refuse(const std::string& words) { throw Error(ErrorKind::unsupported, words); }

// `id: 2` from `Duplicate entry '2' for key 'PRIMARY'`; MySQL has the table's name before the key's.
std::string key_of(std::string_view words, MysqlTables& tables, const TableName& table) {
  constexpr std::string_view kBefore = "Duplicate entry '", kBetween = "' for key '";
  const size_t begin = words.find(kBefore), middle = words.rfind(kBetween);
  if (begin == std::string_view::npos || middle == std::string_view::npos) return std::string(words);
  const std::string_view value = words.substr(begin + kBefore.size(), middle - begin - kBefore.size());
  std::string_view index = words.substr(middle + kBetween.size());
  index = index.substr(0, index.rfind('\''));
  index.remove_prefix(index.rfind('.') + 1);
  const auto columns = tables.index_columns(table, std::string(index));
  return fmt::format("{}: {}", columns.empty() ? std::string(index) : fmt::format("{}", fmt::join(columns, ", ")), value);
}

}  // namespace

TableKind MysqlTables::kind_of(const TableName& table) {
  const auto rows = client_.query(fmt::format("SELECT table_type FROM information_schema.tables WHERE {}", names_table(table)));
  if (rows.empty()) return TableKind::nothing;
  const std::string& kind = rows[0][0].value();
  if (kind.ends_with("VIEW")) return TableKind::view;
  return kind == "BASE TABLE" || kind == "SYSTEM VERSIONED" ? TableKind::table : TableKind::other;
}

bool MysqlTables::has_schema(const std::string& schema) {
  return !client_.query(fmt::format("SELECT 1 FROM information_schema.schemata WHERE {}", is_mysql_name("schema_name", quote_text(schema)))).empty();
}

bool MysqlTables::is_empty(const std::string& schema) {
  return client_.query(fmt::format("SELECT 1 FROM information_schema.tables WHERE {} UNION ALL SELECT 1 FROM "
                                   "information_schema.routines WHERE {} LIMIT 1", is_mysql_name("table_schema", quote_text(schema)),
                                   is_mysql_name("routine_schema", quote_text(schema)))).empty();
}

std::vector<MysqlColumn> MysqlTables::columns(const TableName& table) {
  std::map<std::string, std::string> checks;  // of columns, each of which has the column's name
  if (client_.is_mariadb()) {
    for (const auto& row : client_.query(fmt::format("SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE {}",
                                                     names_table(table, "constraint_schema")))) {
      checks.emplace(row[0].value(), row[1].value_or(""));
    }
  }
  std::vector<MysqlColumn> columns;
  for (const auto& row : client_.query(fmt::format(
           "SELECT column_name, column_type, collation_name, column_comment, is_nullable, extra, column_default, "
           "coalesce(generation_expression, '') <> '' FROM information_schema.columns WHERE {} ORDER BY ordinal_position", names_table(table)))) {
    MysqlColumn& column = columns.emplace_back();
    column.name = row[0].value();
    column.type = row[1].value();
    column.collation = row[2].value_or("");
    column.comment = row[3].value_or("");
    column.is_nullable = row[4] == "YES";
    column.extra = to_lower(row[5].value_or(""));
    column.is_generated = row[7] == "1";
    if (const auto check = checks.find(column.name); check != checks.end()) {
      column.is_json = check->second.starts_with("json_valid(");
      if (!column.is_json) column.check = check->second;
    }
    column.initial = initial_of(row[6], row[5].value_or(""), client_.is_mariadb());
  }
  return columns;
}

std::optional<std::string> MysqlTables::engine_of(const TableName& table) {
  const auto rows = client_.query(fmt::format(
      "SELECT t.engine FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine WHERE {} AND "
      "coalesce(e.transactions, 'NO') <> 'YES'", names_table(table)));
  return rows.empty() ? std::nullopt : rows[0][0];
}

std::optional<Schema> MysqlTables::describe(const TableName& table) {
  if (!takes_rows(kind_of(table), table)) return std::nullopt;
  if (const auto engine = engine_of(table)) {
    refuse(fmt::format("{} is a table of the engine {}, which has no transactions: a run that fails would leave some of its rows; "
                       "change it to InnoDB with ALTER TABLE, or load into another table", to_string(table), *engine));
  }
  Schema schema;
  for (const MysqlColumn& column : columns(table)) {
    if (column.is_generated || column.name == MysqlDialect::kMatched || column.name == MysqlDialect::kPlace ||
        column.name == kHelperColumn) {
      continue;
    }
    const std::optional<Type> type = type_of_mysql(column);
    if (!type && mangles_text(column)) {
      refuse(fmt::format("column {} of {} is of the type {}, which makes something else of what is written into it; give it another "
                         "type, load into another table, or let --full-refresh make it anew", column.name, to_string(table), column.type));
    }
    schema.columns.push_back({column.name, type.value_or(Type::native_of(column.type, is_number_column(column))), false});
  }
  return schema;
}

TableName MysqlTables::resolve(const TableName& table) const {
  TableName resolved = table;
  if (resolved.schema.empty()) resolved.schema = client_.server().address().database;
  for (const std::string_view own : kOwnSchemas) {
    if (equal_ignoring_case(resolved.schema, own)) {
      throw Error(ErrorKind::usage, fmt::format("{} is a database of the server's own; name another", resolved.schema));
    }
  }
  // The server may make small letters of it.
  check_table_name(to_lower(resolved.table));
  const MysqlDialect dialect("");
  for (const std::string& name : {resolved.schema, resolved.table}) {
    try {
      dialect.identifier(name);
    } catch (const Error& error) {
      throw Error(ErrorKind::usage, error.what());
    }
  }
  return resolved;
}

// Ours are written in small letters, whatever the server makes of others.
std::vector<TableName> MysqlTables::landings() {
  std::vector<TableName> names;
  for (const auto& row : client_.query(fmt::format(
           "SELECT table_schema, table_name FROM information_schema.tables WHERE CAST(LEFT(table_name, {}) AS BINARY) = CAST({} AS BINARY) "
           "ORDER BY 1, 2", kLandingPrefix.size(), quote_text(kLandingPrefix)))) {
    names.push_back({row[0].value(), row[1].value()});
  }
  return names;
}

MysqlTables::Belongings MysqlTables::belongings(const TableName& table) {
  const auto row = client_.query(fmt::format(
      "SELECT EXISTS (SELECT 1 FROM information_schema.statistics WHERE {0}) OR EXISTS (SELECT 1 FROM "
      "information_schema.table_constraints WHERE {0} AND constraint_type <> 'FOREIGN KEY'), EXISTS (SELECT 1 FROM information_schema.triggers WHERE {1}), "
      "EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE {0} AND constraint_type = 'FOREIGN KEY'), "
      "EXISTS (SELECT 1 FROM information_schema.tables WHERE {0} AND (table_comment <> '' OR create_options LIKE '%partitioned%'))",
      names_table(table), names_table(table, "event_object_schema", "event_object_table"))).at(0);
  return {row[0] == "1", row[1] == "1", row[2] == "1", row[3] == "1", has_history(table)};
}

bool MysqlTables::has_history(const TableName& table) {
  return !client_.query(fmt::format("SELECT 1 FROM information_schema.tables WHERE {} AND table_type = 'SYSTEM VERSIONED'", names_table(table))).empty();
}

void MysqlTables::require_changeable(const TableName& table, const std::vector<std::string>& columns) {
  if (columns.empty() || !has_history(table) || client_.query("SELECT @@system_versioning_alter_history")[0][0] == "KEEP") return;
  refuse(fmt::format("columns of {} would have to be added or changed ({}), which the server does to no table WITH SYSTEM VERSIONING; do it "
                     "yourself, leave them out with --sql-exclude-columns, or load into another table",
                     to_string(table), fmt::join(columns, ", ")));
}

std::vector<MysqlTables::Reference> MysqlTables::references_to(const TableName& table) {
  std::vector<Reference> references;
  for (const auto& row : client_.query(fmt::format(
           "SELECT table_schema, table_name, constraint_name, column_name, referenced_column_name FROM information_schema.key_column_usage "
           "WHERE {} ORDER BY table_schema, table_name, constraint_name, ordinal_position",
           names_table(table, "referenced_table_schema", "referenced_table_name")))) {
    const TableName from{row[0].value(), row[1].value()};
    if (references.empty() || references.back().from != from || references.back().name != row[2].value()) {
      references.push_back({from, row[2].value(), {}, {}});
    }
    references.back().columns.push_back(row[3].value());
    references.back().referred.push_back(row[4].value());
  }
  return references;
}

void MysqlTables::require_no_cascade(const TableName& table) {
  const auto rows = client_.query(fmt::format(
      "SELECT constraint_name, constraint_schema, table_name, delete_rule FROM information_schema.referential_constraints WHERE {} AND "
      "delete_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT') ORDER BY 1, 2, 3 LIMIT 1",
      names_table(table, "unique_constraint_schema", "referenced_table_name")));
  if (rows.empty()) return;
  refuse_cascade(table, {rows[0][0].value(), to_string(TableName{rows[0][1].value(), rows[0][2].value()}), rows[0][3].value()});
}

std::vector<std::string> MysqlTables::index_columns(const TableName& table, const std::string& index) {
  std::vector<std::string> columns;
  for (const auto& row : client_.query(fmt::format("SELECT column_name FROM information_schema.statistics WHERE {} AND index_name = {} "
                                                   "ORDER BY seq_in_index", names_table(table), quote_text(index)))) {
    columns.push_back(row[0].value_or("an expression"));
  }
  return columns;
}

uint64_t MysqlTables::next_number(const TableName& table) {
  const auto rows = client_.query(fmt::format("SELECT auto_increment FROM information_schema.tables WHERE {}", names_table(table)));
  return std::stoull(rows.at(0).at(0).value_or("0"));
}

bool MysqlTables::has_update_triggers(const TableName& table) {
  return !client_.query(fmt::format("SELECT 1 FROM information_schema.triggers WHERE {} AND event_manipulation = 'UPDATE' LIMIT 1",
                                    names_table(table, "event_object_schema", "event_object_table"))).empty();
}

bool MysqlTables::is_indexed(const TableName& table, const std::string& column) {
  return !client_.query(fmt::format("SELECT 1 FROM information_schema.statistics WHERE {} AND column_name = {} LIMIT 1", names_table(table),
                                    quote_text(column))).empty();
}

void change_rows(MysqlClient& client, MysqlTables& tables, const TableName& table, const std::string& sql) {
  try {
    client.execute(sql);
  } catch (const Error& error) {
    if (client.last_error() != kDoubledKey) throw;
    throw key_is_there(key_of(error.what(), tables, table));
  }
  if (const auto words = client.complaint()) throw Error(ErrorKind::bad_data, client.said(*words));
}

}  // namespace ingestr::database
