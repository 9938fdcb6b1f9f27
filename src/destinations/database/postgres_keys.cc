#include "destinations/database/postgres_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/rows.h"

namespace ingestr::database {
// Types of ours tell the same values apart as PostgreSQL's.
std::string fold_keys(const RowChange& change, const Deduplicate& landed, const std::vector<PostgresTables::TableColumn>& there,
                      const PostgresDialect& dialect) {
  std::vector<std::string> key;
  bool may_be_one = false;
  for (const CopiedColumn& column : change.columns) {
    if (std::ranges::find(change.key, column.to) == change.key.end()) continue;
    const auto to = std::ranges::find(there, column.to, &PostgresTables::TableColumn::name);
    const bool is_collated = to != there.end() && to->collation.has_value();
    may_be_one = may_be_one || is_collated || (column.to_type.native && column.from_type != column.to_type);
    const std::string value = copied_value(column, dialect);
    key.push_back(is_collated ? fmt::format("({}) COLLATE {}", value, *to->collation) : value);
  }
  return may_be_one ? deduplicate_sql(landed.table, key, landed.order_by, dialect) : "";
}

}  // namespace ingestr::database
