#include "destinations/database/postgres_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/rows.h"

namespace ingestr::database {
namespace {

std::vector<CopiedColumn> picked(const std::vector<CopiedColumn>& columns, const std::vector<std::string>& key) {
  std::vector<CopiedColumn> found;
  for (const CopiedColumn& column : columns) {
    if (std::ranges::find(key, column.to) != key.end()) found.push_back(column);
  }
  return found;
}

std::vector<CopiedColumn> matched_by(const Step& step) {
  if (const auto* merged = std::get_if<MergeRows>(&step)) return picked(merged->columns, merged->key);
  if (const auto* versions = std::get_if<InsertVersions>(&step)) return picked(versions->columns, versions->key);
  const auto* closed = std::get_if<CloseVersions>(&step);
  return closed == nullptr ? std::vector<CopiedColumn>() : closed->keys;
}

}  // namespace

std::optional<TableName> found_in(const Step& step) {
  if (const auto* merged = std::get_if<MergeRows>(&step)) return merged->to;
  if (const auto* versions = std::get_if<InsertVersions>(&step)) return versions->to;
  const auto* closed = std::get_if<CloseVersions>(&step);
  return closed == nullptr ? std::nullopt : std::optional(closed->to);
}

// Types of ours tell the same values apart as PostgreSQL's.
std::string fold_keys(const Step& step, const Deduplicate& landed, const std::vector<PostgresTables::TableColumn>& there, const PostgresDialect& dialect) {
  std::vector<std::string> key;
  bool may_be_one = false;
  for (const CopiedColumn& column : matched_by(step)) {
    const auto to = std::ranges::find(there, column.to, &PostgresTables::TableColumn::name);
    const bool is_collated = to != there.end() && to->collation.has_value();
    may_be_one = may_be_one || is_collated || column.to_type.native;
    const std::string value = copied_value(column, dialect);
    key.push_back(is_collated ? fmt::format("({}) COLLATE {}", value, *to->collation) : value);
  }
  return may_be_one ? deduplicate_sql(landed.table, key, landed.order_by, dialect) : "";
}

}  // namespace ingestr::database
