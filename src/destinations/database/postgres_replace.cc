#include "destinations/database/postgres_replace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "data/type_kind.h"
#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"
#include "destinations/database/postgres_fit.h"
#include "engine/column_override.h"
#include "sql/kept_rows.h"

namespace ingestr::database {
namespace {

using TableColumn = PostgresTables::TableColumn;

// A column that lands, and the one of the table that takes it; nullptr: there is none yet.
struct Pair {
  const TableColumn* landed;
  const TableColumn* there;
};

std::vector<Pair> pairs_of(const std::vector<TableColumn>& landed, const std::vector<TableColumn>& there) {
  std::vector<Pair> pairs;
  for (const TableColumn& column : landed) pairs.push_back({&column, find_named(there, column.name)});
  return pairs;
}

// What values of a type come as to us: texts, where we have none for it.
Type type_to_us(std::string_view type) {
  const Type text = type.ends_with("[]") ? Type::list_of(TypeId::varchar) : Type(TypeId::varchar);
  return type_of_postgres(type).value_or(text);
}

// A column of texts stays one; one of a type that we have none for takes that type only.
bool changes_type(const Pair& pair) {
  if (pair.there == nullptr || pair.there->type == pair.landed->type) return false;
  return !type_of_postgres(pair.there->type) || type_to_us(pair.there->type) != type_to_us(pair.landed->type);
}

// All rows of the table, and none of those that inherit from it.
void remove_rows(PostgresClient& client, const TableName& table, const PostgresTables::Removal& removal) {
  const std::string rows = (removal.is_partitioned ? "" : "ONLY ") + PostgresDialect().table(table);
  const std::string deletion = "DELETE FROM " + rows;
  client.execute(deletion);
  if (removal.may_keep_rows) require_gone(deletion, [&](const std::string& select) { return client.number(select); });
}

// What makes the columns of an empty table those that land, and have no default where they get another type; nothing: they are.
// Tables that inherit from it have rows still, whose values are carried over.
std::vector<std::string> column_changes(const std::vector<Pair>& pairs, bool has_children, const PostgresDialect& dialect) {
  std::vector<std::string> changes;
  for (const Pair& pair : pairs) {
    const std::string& type = pair.landed->type;
    if (pair.there == nullptr) changes.push_back(fmt::format("ADD COLUMN {} {}", dialect.identifier(pair.landed->name), type));
    if (!changes_type(pair)) continue;
    const std::string name = dialect.identifier(pair.there->name);
    if (pair.there->initial) changes.push_back(fmt::format("ALTER COLUMN {} DROP DEFAULT", name));
    const std::string value = has_children ? fmt::format("CAST(CAST({} AS text) AS {})", name, type) : "NULL";
    changes.push_back(fmt::format("ALTER COLUMN {} SET DATA TYPE {} USING {}", name, type, value));
  }
  return changes;
}

std::vector<std::string> dropped_columns(const std::vector<TableColumn>& there, const std::vector<Pair>& pairs, const PostgresDialect& dialect) {
  std::vector<std::string> drops;
  for (const TableColumn& column : there) {
    const bool stays = column.is_generated || std::ranges::find(pairs, &column, &Pair::there) != pairs.end();
    if (!stays) drops.push_back("DROP COLUMN " + dialect.identifier(column.name));
  }
  return drops;
}

// Does the statement, or nothing where the database can make nothing of it.
bool could(PostgresClient& client, const std::string& statement) {
  client.execute("SAVEPOINT _ingestr_attempt");
  try {
    client.execute(statement);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::unavailable) throw;
    client.execute("ROLLBACK TO SAVEPOINT _ingestr_attempt");
    return false;
  }
  client.execute("RELEASE SAVEPOINT _ingestr_attempt");
  return true;
}

// An identity goes first: with the type of its column that of its sequence would change. Columns that go stay in tables that inherit
// from it.
void change_columns(PostgresClient& client, const TableName& table, const PostgresTables::Removal& kind, const std::vector<TableColumn>& there,
                    const std::vector<Pair>& pairs, std::vector<std::string>& lost) {
  using Identity = TableColumn::Identity;
  const PostgresDialect dialect;
  const std::string target = dialect.table(table);
  const auto alter = [&](const TableColumn& column) { return fmt::format("ALTER TABLE {} ALTER COLUMN {} ", target, dialect.identifier(column.name)); };
  for (const Pair& pair : pairs) {
    if (!changes_type(pair) || pair.there->identity == Identity::none) continue;
    const std::optional<Type> type = type_of_postgres(pair.landed->type);
    if (type && is_integer(*type)) continue;
    client.execute(alter(*pair.there) + "DROP IDENTITY");
    lost.push_back(pair.there->name + " GENERATED AS IDENTITY");
  }
  const std::vector<std::string> changes = column_changes(pairs, kind.has_children, dialect), drops = dropped_columns(there, pairs, dialect);
  if (!drops.empty()) client.execute(fmt::format("ALTER TABLE {}{} {}", kind.has_children ? "ONLY " : "", target, fmt::join(drops, ", ")));
  if (!changes.empty()) client.execute(fmt::format("ALTER TABLE {} {}", target, fmt::join(changes, ", ")));
  for (const Pair& pair : pairs) {
    if (!changes_type(pair) || !pair.there->initial) continue;
    if (could(client, fmt::format("{}SET DEFAULT {}", alter(*pair.there), *pair.there->initial))) continue;
    lost.push_back(fmt::format("{} DEFAULT {}", pair.there->name, *pair.there->initial));
  }
}

// What has none of the new types says so of one column.
template <class Work>
void with_types_told(const std::vector<Pair>& pairs, Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const Error& error) {
    if (!is_of_types(error)) throw;
    const Pair* changed = nullptr;
    for (const Pair& pair : pairs) {
      if (!changes_type(pair)) continue;
      const bool is_named = std::string_view(error.what()).find('"' + pair.there->name + '"') != std::string_view::npos;
      if (changed == nullptr || is_named) changed = &pair;
    }
    if (changed == nullptr) throw;
    throw no_other_type(changed->there->name, changed->there->type, changed->landed->type, error);
  }
}

void insert(PostgresClient& client, const TableName& from, const TableName& to, const std::vector<Pair>& pairs) {
  const PostgresDialect dialect;
  std::vector<std::string> names, values;
  std::vector<FittedValue> fitted;
  for (const Pair& pair : pairs) {
    names.push_back(dialect.identifier((pair.there != nullptr ? pair.there : pair.landed)->name));
    values.push_back(dialect.identifier(pair.landed->name));
    if (pair.there != nullptr && !changes_type(pair)) fitted.push_back({values.back(), *pair.there});
  }
  require_fit(client, from, fitted);
  client.execute(fmt::format("INSERT INTO {} ({}){} SELECT {} FROM {}", dialect.table(to), fmt::join(names, ", "), dialect.overriding(),
                             fmt::join(values, ", "), dialect.table(from)));
}

// Those that go to tables that inherit from it would be there twice after the next run.
void require_own_rows(PostgresClient& client, const TableName& from, const TableName& to) {
  const PostgresDialect dialect;
  const auto counts = client.query(fmt::format("SELECT (SELECT count(*) FROM ONLY {}), (SELECT count(*) FROM {})", dialect.table(to),
                                               dialect.table(from))).at(0);
  if (counts[0] == counts[1]) return;
  throw Error(ErrorKind::unsupported, "a trigger or a rule of the table sends rows to tables that inherit from it, and replace takes no rows out of "
                                      "those; load by another --incremental-strategy, or make it a partitioned table");
}

}  // namespace

Error no_other_type(std::string_view column, std::string_view there, std::string_view wanted, const Error& why) {
  const std::optional<Type> ours = type_of_postgres(there);
  const std::optional<std::string> written = ours ? written_type(*ours) : std::nullopt;
  const std::string cure = written ? fmt::format("load the source's values as what the column is (--columns {}:{}), or drop what needs it", column, *written)
                                   : "drop what needs it, or load into another table";
  return {ErrorKind::conflict, fmt::format("column {} is of the type {} and would have to become {}, which cannot be ({}); {}", column, there, wanted, why.what(), cure)};
}

std::vector<std::string> replace_in_place(PostgresClient& client, PostgresTables& tables, const TableName& from, const TableName& to) {
  const PostgresDialect dialect;
  client.execute(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", dialect.table(to)));
  const auto references = tables.references_to(to);
  for (const auto& reference : references) client.execute(reference.drop);
  const PostgresTables::Removal removal = tables.removal_of(to);
  tables.require_sight(to, "d", {});
  remove_rows(client, to, removal);
  std::vector<TableColumn> landed = tables.columns(from);
  std::erase_if(landed, [](const TableColumn& column) { return column.name == PostgresDialect::kPlace; });
  const std::vector<TableColumn> there = tables.columns(to);
  const std::vector<Pair> pairs = pairs_of(landed, there);
  std::vector<std::string> lost;
  with_types_told(pairs, [&] { change_columns(client, to, removal, there, pairs, lost); });
  insert(client, from, to, pairs);
  if (removal.has_children && removal.may_keep_rows) require_own_rows(client, from, to);
  client.execute(fmt::format("DROP TABLE {}", dialect.table(from)));
  with_types_told(pairs, [&] {
    for (const auto& reference : references) client.execute(reference.add);
  });
  return lost;
}

}  // namespace ingestr::database
