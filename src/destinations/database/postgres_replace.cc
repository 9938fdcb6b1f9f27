#include "destinations/database/postgres_replace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "database/postgres_types.h"
#include "destinations/database/postgres_dialect.h"

namespace ingestr::database {
namespace {

using TableColumn = PostgresTables::TableColumn;

const TableColumn* find(const std::vector<TableColumn>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &TableColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

// What makes the columns of an empty table those that land; nothing: they are.
std::vector<std::string> column_changes(const std::vector<TableColumn>& there, const std::vector<TableColumn>& landed,
                                        const PostgresDialect& dialect) {
  std::vector<std::string> changes;
  for (const TableColumn& column : there) {
    const std::string name = dialect.identifier(column.name);
    const TableColumn* wanted = find(landed, column.name);
    if (wanted == nullptr) {
      if (!column.is_generated) changes.push_back("DROP COLUMN " + name);
    } else if (type_of_postgres(column.type) != type_of_postgres(wanted->type)) {
      changes.push_back(fmt::format("ALTER COLUMN {} DROP DEFAULT", name));
      changes.push_back(fmt::format("ALTER COLUMN {} SET DATA TYPE {} USING NULL", name, wanted->type));
    }
  }
  for (const TableColumn& column : landed) {
    if (find(there, column.name) == nullptr) {
      changes.push_back(fmt::format("ADD COLUMN {} {}", dialect.identifier(column.name), column.type));
    }
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
  const std::vector<std::string> changes = column_changes(tables.columns(to), landed, dialect);
  if (!changes.empty()) client.execute(fmt::format("ALTER TABLE {} {}", target, fmt::join(changes, ", ")));
  std::vector<std::string> names;
  for (const TableColumn& column : landed) names.push_back(dialect.identifier(column.name));
  client.execute(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2}", target, fmt::join(names, ", "), landing));
  client.execute(fmt::format("DROP TABLE {}", landing));
  for (const auto& reference : references) client.execute(reference.add);
}

}  // namespace ingestr::database
