#include "destinations/database/postgres_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"
#include "duck/text.h"
#include "engine/destination.h"
#include "sql/cascade.h"

namespace ingestr::database {
namespace {

// A condition that picks a table of pg_class `c` with its pg_namespace `n`.
std::string is_table(const TableName& table) {
  return fmt::format("n.nspname = {} AND c.relname = {}", duck::quote_text(table.schema), duck::quote_text(table.table));
}

constexpr std::string_view kClasses = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

// What a pg_type `t` is made of, itself to begin with: domains, of domains perhaps, and arrays of a type, which is the last.
constexpr std::string_view kMadeOf =
    "WITH RECURSIVE made_of AS (SELECT t.oid, t.typtype, t.typtypmod, t.typbasetype, t.typcategory, t.typelem UNION ALL "
    "SELECT b.oid, b.typtype, b.typtypmod, b.typbasetype, b.typcategory, b.typelem FROM made_of JOIN pg_catalog.pg_type b ON b.oid = CASE "
    "WHEN made_of.typtype = 'd' THEN made_of.typbasetype WHEN made_of.typcategory = 'A' THEN made_of.typelem END)";

// A domain over a type with a length or precision, or over one that cuts or rounds by itself.
constexpr std::string_view kIsCut =
    "(typtype = 'd' AND typtypmod <> -1) OR (oid <> t.oid AND oid IN ('name'::regtype, 'money'::regtype, '\"char\"'::regtype))";

struct RelationKind {
  std::string_view letter;  // of pg_class
  TableKind kind;
};

constexpr RelationKind kRelationKinds[] = {
    {"r", TableKind::table},         {"p", TableKind::table}, {"v", TableKind::view},  {"m", TableKind::materialized_view},
    {"f", TableKind::foreign_table}, {"S", TableKind::sequence}, {"i", TableKind::index}, {"I", TableKind::index},
    {"c", TableKind::type},          {"t", TableKind::other},
};

PostgresTables::TableColumn::Identity identity_of(std::string_view letter) {
  using enum PostgresTables::TableColumn::Identity;
  if (letter.empty()) return none;
  return letter == "a" ? always : by_default;
}

}  // namespace

TableKind PostgresTables::kind_of(const TableName& table) {
  const auto rows = client_.query(fmt::format(
      "SELECT c.relkind FROM {} WHERE {} UNION ALL SELECT 'c' FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
      "WHERE n.nspname = {} AND t.typname = {} AND t.typrelid = 0 AND t.typcategory <> 'A'",  // the type of arrays makes way
      kClasses, is_table(table), duck::quote_text(table.schema), duck::quote_text(table.table)));
  if (rows.empty()) return TableKind::nothing;
  return std::ranges::find(kRelationKinds, rows[0][0].value(), &RelationKind::letter)->kind;
}

std::vector<PostgresTables::TableColumn> PostgresTables::columns(const TableName& table) {
  std::vector<TableColumn> columns;
  for (const auto& row : client_.query(fmt::format(
           "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', EXISTS ({0} SELECT 1 FROM made_of WHERE {1}), "
           "a.attidentity, CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END, "
           "(SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) FROM pg_catalog.pg_collation co "
           "JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation AND "
           "pg_catalog.to_jsonb(co) ->> 'collisdeterministic' = 'false'), "  // servers before version 12 have no such column
           "({0} SELECT pg_catalog.format_type(oid, NULL) FROM made_of WHERE typtype <> 'd' AND typcategory <> 'A') "
           "FROM {2} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
           "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
           "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE {3} ORDER BY a.attnum",
           kMadeOf, kIsCut, kClasses, is_table(table)))) {
    columns.push_back({row[0].value(), row[1].value(), row[2] == "t", row[3] == "t", identity_of(row[4].value()), row[5], row[6], row[7].value_or("")});
  }
  return columns;
}

PostgresTables::Removal PostgresTables::removal_of(const TableName& table) {
  const auto row = client_.query(fmt::format(
      "SELECT c.relkind = 'p', c.relhassubclass, c.relkind = 'p' OR c.relhastriggers OR c.relhasrules FROM {} WHERE {}", kClasses, is_table(table))).at(0);
  const bool is_partitioned = row[0] == "t";
  return {is_partitioned, !is_partitioned && row[1] == "t", row[2] == "t"};
}

// Whether a constraint allows no two rows with the same values in these columns.
bool PostgresTables::is_unique(const TableName& table, const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(duck::quote_text(column));
  return !client_.query(fmt::format(
      "SELECT 1 FROM {} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL "
      "WHERE {} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND a.attname NOT IN ({}))",
      kClasses, is_table(table), fmt::join(names, ", "))).empty();
}

// A policy that hides nothing is one of all rows, if none restricts it.
void PostgresTables::require_sight(const TableName& table, std::string_view commands, const std::vector<std::string>& key) {
  constexpr std::string_view kPolicy =
      "SELECT 1 FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN (command, '*') AND "
      "EXISTS (SELECT 1 FROM pg_catalog.unnest(p.polroles) r WHERE r = 0 OR pg_catalog.pg_has_role(r, 'MEMBER')) AND ";
  const auto hidden = client_.query(fmt::format(
      "SELECT 1 FROM {1}, pg_catalog.unnest(pg_catalog.string_to_array({3}, NULL)) AS command WHERE {2} AND pg_catalog.row_security_active(c.oid) AND (EXISTS ({0} NOT p.polpermissive) "
      "OR NOT EXISTS ({0} p.polpermissive AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'))",
      kPolicy, kClasses, is_table(table), duck::quote_text(commands)));
  if (hidden.empty() || (!key.empty() && is_unique(table, key))) return;
  throw Error(ErrorKind::unsupported, "row level security may hide rows from the user of the URI, and they would stay beside the new ones; "
                                      "load as a user with BYPASSRLS, or by --incremental-strategy append");
}

std::optional<Schema> PostgresTables::describe(const TableName& table) {
  if (!takes_rows(kind_of(table), table)) return std::nullopt;
  Schema schema;
  for (const TableColumn& column : columns(table)) {
    if (column.is_generated) continue;
    const std::optional<Type> type = type_of_postgres(column.type);
    if (!type && (column.is_cut || casts_round(column.type))) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("column {} of {} is of the type {}, which rounds or cuts what is written into it; give it another type, "
                              "load into another table, or let --full-refresh make it anew",
                              column.name, to_string(table), column.type));
    }
    schema.columns.push_back({column.name, type.value_or(Type::native_of(column.type, is_numeric(column.type))), false});
  }
  return schema;
}

TableName PostgresTables::resolve(const TableName& table) const {
  TableName resolved = table;
  if (resolved.schema.empty()) {
    const std::optional<std::string> schema = client_.query("SELECT current_schema()")[0][0];
    if (!schema) {
      throw Error(ErrorKind::usage, fmt::format("no schema of the search path is in {}; name one, as in --dest-table public.{}",
                                                client_.server().shown(), table.table));
    }
    resolved.schema = *schema;
  }
  if (resolved.schema == "information_schema" || resolved.schema.starts_with("pg_")) {
    throw Error(ErrorKind::usage, fmt::format("{} is a schema of PostgreSQL's own; name another", resolved.schema));
  }
  check_table_name(resolved.table);
  for (const std::string& name : {resolved.schema, resolved.table}) {
    if (name.size() <= PostgresDialect::kLongestName) continue;
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is longer than the {} bytes that PostgreSQL has for a name; choose another",
                                              name, PostgresDialect::kLongestName));
  }
  return resolved;
}

std::vector<TableName> PostgresTables::landings() {
  std::vector<TableName> names;
  for (const auto& row : client_.query(fmt::format(
           "SELECT n.nspname, c.relname FROM {} WHERE c.relkind = 'r' AND pg_catalog.starts_with(c.relname, {}) "
           "AND pg_catalog.pg_has_role(c.relowner, 'USAGE') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') ORDER BY 1, 2",
           kClasses, duck::quote_text(kLandingPrefix)))) {
    names.push_back({row[0].value(), row[1].value()});
  }
  return names;
}

std::vector<PostgresTables::Reference> PostgresTables::references_to(const TableName& table) {
  std::vector<Reference> references;
  // Those of partitions come and go with their parents'.
  for (const auto& row : client_.query(fmt::format(
           "SELECT k.conrelid::regclass, pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid) FROM {} "
           "JOIN pg_catalog.pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0 WHERE {} ORDER BY 1, 2",
           kClasses, is_table(table)))) {
    const std::string alter = fmt::format("ALTER TABLE {} ", row[0].value());
    references.push_back({fmt::format("{}DROP CONSTRAINT {}", alter, row[1].value()),
                          fmt::format("{}ADD CONSTRAINT {} {}", alter, row[1].value(), row[2].value())});
  }
  return references;
}

// To a partition as well, whose keys are its parent's.
void PostgresTables::require_no_cascade(const TableName& table) {
  const auto rows = client_.query(fmt::format(
      "SELECT k.conname, k.conrelid::regclass, CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END "
      "FROM {} JOIN pg_catalog.pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') WHERE {} "
      "ORDER BY k.conparentid <> 0, 1, 2 LIMIT 1",
      kClasses, is_table(table)));
  if (!rows.empty()) refuse_cascade(table, {rows[0][0].value(), rows[0][1].value(), rows[0][2].value()});
}

}  // namespace ingestr::database
