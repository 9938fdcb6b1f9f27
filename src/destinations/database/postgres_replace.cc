#include "destinations/database/postgres_replace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"

namespace ingestr::database {
namespace {

using TableColumn = PostgresTables::TableColumn;

// As find_column() of engine/evolution.h does it: by its name; if there is none, by its name in another case.
const TableColumn* find(const std::vector<TableColumn>& columns, const std::string& name) {
  const auto exact = std::ranges::find(columns, name, &TableColumn::name);
  if (exact != columns.end()) return &*exact;
  const auto same = std::ranges::find_if(columns, [&](const TableColumn& column) { return equal_ignoring_case(column.name, name); });
  return same == columns.end() ? nullptr : &*same;
}

// A column that lands, and the one of the table that takes it; nullptr: there is none yet.
struct Pair {
  const TableColumn* landed;
  const TableColumn* there;
};

std::vector<Pair> pairs_of(const std::vector<TableColumn>& landed, const std::vector<TableColumn>& there) {
  std::vector<Pair> pairs;
  for (const TableColumn& column : landed) pairs.push_back({&column, find(there, column.name)});
  return pairs;
}

// What makes the columns of an empty table those that land; nothing: they are.
std::vector<std::string> column_changes(const std::vector<TableColumn>& there, const std::vector<Pair>& pairs, const PostgresDialect& dialect) {
  std::vector<std::string> changes;
  for (const TableColumn& column : there) {
    const std::string name = dialect.identifier(column.name);
    const auto pair = std::ranges::find(pairs, &column, &Pair::there);
    if (pair == pairs.end()) {
      if (!column.is_generated) changes.push_back("DROP COLUMN " + name);
    } else if (type_of_postgres(column.type) != type_of_postgres(pair->landed->type)) {
      changes.push_back(fmt::format("ALTER COLUMN {} DROP DEFAULT", name));
      changes.push_back(fmt::format("ALTER COLUMN {} SET DATA TYPE {} USING NULL", name, pair->landed->type));
    }
  }
  for (const Pair& pair : pairs) {
    if (pair.there == nullptr) changes.push_back(fmt::format("ADD COLUMN {} {}", dialect.identifier(pair.landed->name), pair.landed->type));
  }
  return changes;
}

}  // namespace

void replace_in_place(PostgresClient& client, PostgresTables& tables, const TableName& from, const TableName& to) {
  const PostgresDialect dialect;
  const std::string target = dialect.table(to), landing = dialect.table(from);
  client.execute(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", target));
  const auto references = tables.references_to(to);
  for (const auto& reference : references) client.execute(reference.drop);
  client.execute(fmt::format("DELETE FROM {}", target));
  std::vector<TableColumn> landed = tables.columns(from);
  std::erase_if(landed, [](const TableColumn& column) { return column.name == PostgresDialect::kPlace; });
  const std::vector<TableColumn> there = tables.columns(to);
  const std::vector<Pair> pairs = pairs_of(landed, there);
  const std::vector<std::string> changes = column_changes(there, pairs, dialect);
  if (!changes.empty()) client.execute(fmt::format("ALTER TABLE {} {}", target, fmt::join(changes, ", ")));
  std::vector<std::string> names, values;
  for (const Pair& pair : pairs) {
    names.push_back(dialect.identifier((pair.there != nullptr ? pair.there : pair.landed)->name));
    values.push_back(dialect.identifier(pair.landed->name));
  }
  client.execute(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", target, fmt::join(names, ", "), fmt::join(values, ", "), landing));
  client.execute(fmt::format("DROP TABLE {}", landing));
  for (const auto& reference : references) client.execute(reference.add);
}

}  // namespace ingestr::database
