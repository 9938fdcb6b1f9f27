#include "sql/versions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
  return fmt::format("{} = {}, {} = {}", dialect.identifier(kValidToColumn), dialect.time(time, TypeId::timestamp_tz),
                     dialect.identifier(kIsCurrentColumn), dialect.boolean(false));
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
                     dialect.landed_rows(step.from, columns), dialect.identifier(kIsCurrentColumn),
                     dialect.same_key(step.keys, keys_of(step)), fmt::join(differences, " OR "));
}

std::string close_vanished(const CloseVersions& step, const Dialect& dialect) {
  return fmt::format(
      "UPDATE {} AS target SET {} WHERE target.{} AND NOT EXISTS (SELECT 1 FROM {} AS source "
      "WHERE {})",
      dialect.table(step.to), closed_at(step.time, dialect), dialect.identifier(kIsCurrentColumn),
      dialect.landed_rows(step.from, step.keys), dialect.same_key(step.keys, keys_of(step)));
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
  return {insert_versions_sql(step, fmt::format("NOT EXISTS (SELECT 1 FROM {} AS target WHERE target.{} AND {})", dialect.table(step.to),
                                                dialect.identifier(kIsCurrentColumn), dialect.same_key(step.columns, step.key)),
                              dialect)};
}

std::string insert_versions_sql(const InsertVersions& step, std::string_view condition, const Dialect& dialect) {
  Texts names, values;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(dialect.identifier(column.to));
    values.push_back("source." + names.back());
  }
  for (const std::string& column : step.kept) {
    names.push_back(dialect.identifier(column));
    values.push_back("target." + names.back());
  }
  for (const std::string_view column : {kValidFromColumn, kValidToColumn, kIsCurrentColumn}) names.push_back(dialect.identifier(column));
  const std::string moment = dialect.time(step.time, TypeId::timestamp_tz);
  std::string closed;  // the versions that end where these begin
  if (!step.kept.empty()) {
    closed = fmt::format(" LEFT JOIN {} AS target ON {} AND NOT target.{} AND target.{} = {}", dialect.table(step.to),
                         dialect.same_key(step.columns, step.key), dialect.identifier(kIsCurrentColumn), dialect.identifier(kValidToColumn), moment);
  }
  return fmt::format("INSERT INTO {} ({}){} SELECT {}, {}, NULL, {} FROM {} AS source{} WHERE {}", dialect.table(step.to), fmt::join(names, ", "),
                     dialect.overriding(), fmt::join(values, ", "), moment, dialect.boolean(true), dialect.landed_rows(step.from, step.columns),
                     closed, condition);
}

}  // namespace ingestr
