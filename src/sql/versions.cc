#include "sql/versions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sql/rows.h"

namespace ingestr {
namespace {

using Texts = std::vector<std::string>;

Texts keys_of(const CloseVersions& step) {
  Texts keys;
  for (const CopiedColumn& column : step.keys) keys.push_back(column.to);
  return keys;
}

// `SET` what closes a version.
std::string closed_at(SystemTime time, const Dialect& dialect) {
  return fmt::format("{} = {}, {} = FALSE", dialect.identifier(kValidToColumn),
                     dialect.time(time, TypeId::timestamp_tz),
                     dialect.identifier(kIsCurrentColumn));
}

std::string close_changed(const CloseVersions& step, const Dialect& dialect) {
  std::vector<CopiedColumn> columns = step.keys;
  Texts differences;
  for (const CopiedColumn& column : step.compared) {
    columns.push_back(column);
    const std::string name = dialect.identifier(column.to);
    differences.push_back(dialect.differ("target." + name, "source." + name, column.to_type));
  }
  return fmt::format("UPDATE {} AS target SET {} FROM {} AS source WHERE target.{} AND {} AND ({})",
                     dialect.table(step.to), closed_at(step.time, dialect),
                     copied_rows(step.from, columns, dialect), dialect.identifier(kIsCurrentColumn),
                     same_key(keys_of(step), dialect), fmt::join(differences, " OR "));
}

std::string close_vanished(const CloseVersions& step, const Dialect& dialect) {
  return fmt::format(
      "UPDATE {} AS target SET {} WHERE target.{} AND NOT EXISTS (SELECT 1 FROM {} AS source "
      "WHERE {})",
      dialect.table(step.to), closed_at(step.time, dialect), dialect.identifier(kIsCurrentColumn),
      copied_rows(step.from, step.keys, dialect), same_key(keys_of(step), dialect));
}

}  // namespace

// Defaults fill the rows that are there without touching them, if they are plain literals (TRUE is an
// expression for DuckDB); later rows bring their own values.
std::vector<std::string> versions_sql(const AddVersionColumns& step, const Dialect& dialect) {
  const std::string table = dialect.table(step.table);
  const std::string moment = dialect.type(TypeId::timestamp_tz);
  const auto add = [&](std::string_view column, const std::string& type,
                       const std::string& value) {
    return fmt::format("ALTER TABLE {} ADD COLUMN {} {}{}", table, dialect.identifier(column), type,
                       value.empty() ? "" : " DEFAULT " + value);
  };
  const auto drop_default = [&](std::string_view column) { return dialect.drop_default(step.table, column); };
  return {add(kValidFromColumn, moment, dialect.timestamp(step.time)),
          drop_default(kValidFromColumn), add(kValidToColumn, moment, ""),
          add(kIsCurrentColumn, dialect.type(TypeId::boolean), dialect.default_true()),
          drop_default(kIsCurrentColumn)};
}

std::vector<std::string> versions_sql(const CloseVersions& step, const Dialect& dialect) {
  Texts statements;
  if (!step.compared.empty()) statements.push_back(close_changed(step, dialect));
  if (step.vanished) statements.push_back(close_vanished(step, dialect));
  return statements;
}

std::vector<std::string> versions_sql(const InsertVersions& step, const Dialect& dialect) {
  Texts names, values;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(dialect.identifier(column.to));
    values.push_back("source." + names.back());
  }
  const std::string moment = dialect.time(step.time, TypeId::timestamp_tz);
  std::string closed;  // the versions that end where these begin
  for (const std::string& column : step.kept) {
    names.push_back(dialect.identifier(column));
    values.push_back("target." + names.back());
  }
  const std::string is_current = dialect.identifier(kIsCurrentColumn);
  const std::string same = same_key(step.key, dialect);
  if (!step.kept.empty()) {
    closed = fmt::format(" LEFT JOIN {} AS target ON {} AND NOT target.{} AND target.{} = {}",
                         dialect.table(step.to), same, is_current,
                         dialect.identifier(kValidToColumn), moment);
  }
  return {fmt::format(
      "INSERT INTO {0} ({1}, {2}, {3}, {4}){10} SELECT {5}, {6}, NULL, TRUE FROM {7} AS source{8} "
      "WHERE NOT EXISTS (SELECT 1 FROM {0} AS target WHERE target.{4} AND {9})",
      dialect.table(step.to), fmt::join(names, ", "), dialect.identifier(kValidFromColumn),
      dialect.identifier(kValidToColumn), is_current, fmt::join(values, ", "),
      moment, copied_rows(step.from, step.columns, dialect), closed, same, dialect.overriding())};
}

}  // namespace ingestr
