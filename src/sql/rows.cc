#include "sql/rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ingestr {
namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts& texts, std::string_view separator = ", ") {
  return fmt::format("{}", fmt::join(texts, separator));
}

// `f` of each column.
template <class F>
Texts each(const std::vector<CopiedColumn>& columns, F f) {
  Texts texts;
  for (const CopiedColumn& column : columns) texts.push_back(f(column));
  return texts;
}

// A time beside a column without zone is compared as the UTC time of day.
std::string bound(SystemTime time, const Type& type, const Dialect& dialect) {
  const TypeId zoned = type.id == TypeId::timestamp_tz ? TypeId::timestamp_tz : TypeId::timestamp;
  return dialect.time(time, zoned);
}

}  // namespace

std::string copied_value(const CopiedColumn& column, const Dialect& dialect) {
  const std::string name = dialect.identifier(column.from);
  if (column.from_type == column.to_type) return name;
  return dialect.converted(name, column.from_type, column.to_type);
}

// The windows are made of the few rows whose key is there more than once: to sort all of them takes
// many times as long.
std::string deduplicate_sql(const TableName& table, const Texts& key, const std::string& order_by, const Dialect& dialect) {
  const std::string order = order_by.empty() ? "" : dialect.identifier(order_by) + " DESC NULLS LAST, ";
  return fmt::format(
      "DELETE FROM {0} WHERE {1} IN (SELECT _ingestr_row FROM (SELECT {1} AS _ingestr_row, "
      "row_number() OVER (PARTITION BY {2} ORDER BY {3}{1} DESC) AS _ingestr_place FROM {0} "
      "WHERE ({2}) IN (SELECT {2} FROM {0} GROUP BY {2} HAVING count(*) > 1)) AS doubled "
      "WHERE _ingestr_place > 1)",
      dialect.table(table), dialect.row_place(), joined(key), order);
}

std::vector<std::string> deduplicate_sql(const Deduplicate& step, const Dialect& dialect) {
  Texts key;
  for (const std::string& column : step.key) key.push_back(dialect.identifier(column));
  return {deduplicate_sql(step.table, key, step.order_by, dialect)};
}

std::vector<std::string> insert_sql(const InsertRows& step, const Dialect& dialect) {
  const Texts names =
      each(step.columns, [&](const CopiedColumn& c) { return dialect.identifier(c.to); });
  const Texts values =
      each(step.columns, [&](const CopiedColumn& c) { return copied_value(c, dialect); });
  return {fmt::format("INSERT INTO {} ({}){} SELECT {} FROM {}", dialect.table(step.to),
                      joined(names), dialect.overriding(), joined(values), dialect.table(step.from))};
}

std::vector<std::string> merge_sql(const MergeRows& step, const Dialect& dialect) {
  const auto in_source = [&](const CopiedColumn& column) {
    return "source." + dialect.identifier(column.to);
  };
  Texts changes;
  for (const CopiedColumn& column : step.columns) {
    if (std::ranges::find(step.key, column.to) != step.key.end()) continue;
    changes.push_back(dialect.identifier(column.to) + " = " + in_source(column));
  }
  const std::string update =
      changes.empty() ? "" : "WHEN MATCHED THEN UPDATE SET " + joined(changes) + " ";
  const Texts names =
      each(step.columns, [&](const CopiedColumn& c) { return dialect.identifier(c.to); });
  return {fmt::format(
      "MERGE INTO {} AS target USING {} AS source ON {} {}WHEN NOT MATCHED THEN INSERT ({}) VALUES "
      "({})",
      dialect.table(step.to), dialect.landed_rows(step.from, step.columns),
      merge_condition(step, dialect), update, joined(names),
      joined(each(step.columns, in_source)))};
}

// On lines of its own, so that a comment in the predicate ends.
std::string merge_condition(const MergeRows& step, const Dialect& dialect) {
  const std::string key = dialect.same_key(step.columns, step.key);
  return step.predicate.empty() ? key : fmt::format("{} AND (\n{}\n)", key, step.predicate);
}

std::vector<std::string> delete_sql(const DeleteInterval& step, const Dialect& dialect) {
  const std::string column = dialect.ordered(step.column, step.type);
  Texts bounds;
  if (step.start) bounds.push_back(column + " >= " + bound(*step.start, step.type, dialect));
  if (step.end) bounds.push_back(column + " <= " + bound(*step.end, step.type, dialect));
  return {fmt::format("DELETE FROM {} WHERE {}", dialect.table(step.table),
                      joined(bounds, " AND "))};
}

std::vector<std::string> delete_sql(const DeleteLandedRange& step, const Dialect& dialect) {
  const std::string value = copied_value(step.column, dialect);
  const std::string from = dialect.table(step.from);
  return {fmt::format(
      "DELETE FROM {0} WHERE {1} BETWEEN (SELECT min({2}) FROM {3}) AND (SELECT max({2}) FROM {3})",
      dialect.table(step.table), dialect.identifier(step.column.to), value, from)};
}

std::vector<std::string> delete_sql(const DeleteLandedValues& step, const Dialect& dialect) {
  return {fmt::format("DELETE FROM {} WHERE {} IN (SELECT {} FROM {})", dialect.table(step.table),
                      dialect.identifier(step.column.to), copied_value(step.column, dialect),
                      dialect.table(step.from))};
}

}  // namespace ingestr
