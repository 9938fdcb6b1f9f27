#include "destinations/database/mysql_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "destinations/database/mysql_types.h"
#include "engine/row_change.h"
#include "sql/rows.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

Texts names_of(const std::vector<CopiedColumn>& columns) {
  Texts names;
  for (const CopiedColumn& column : columns) names.push_back(column.to);
  return names;
}

std::string closing(const CloseVersions& step, const MysqlDialect& dialect) {
  return fmt::format("target.{} = {}, target.{} = 0", dialect.identifier(kValidToColumn), dialect.time(step.time, TypeId::timestamp_tz),
                     dialect.identifier(kIsCurrentColumn));
}

Texts statements_of(const CloseVersions& step, const MysqlDialect& dialect) {
  const std::string current = "target." + dialect.identifier(kIsCurrentColumn);
  const auto update = [&](std::string_view join, const std::string& condition) {
    return fmt::format("UPDATE {} AS target {}JOIN {} AS source ON {} SET {} WHERE {} AND {}", dialect.table(step.to), join,
                       dialect.table(step.from), same_key(names_of(step.keys), dialect), closing(step, dialect), current, condition);
  };
  Texts statements, differences;
  for (const CopiedColumn& column : step.compared) {
    const std::string name = dialect.identifier(column.to);
    differences.push_back(dialect.differ("target." + name, "source." + name, column.to_type));
  }
  if (!differences.empty()) statements.push_back(update("", fmt::format("({})", fmt::join(differences, " OR "))));
  if (step.vanished) statements.push_back(update("LEFT ", fmt::format("source.{} IS NULL", dialect.identifier(step.keys.at(0).to))));
  return statements;
}

// The rows that were closed are looked for once, hence the LIMIT, which keeps them a table of their own.
Texts statements_of(const InsertVersions& step, const MysqlDialect& dialect) {
  const std::string target = dialect.table(step.to), landing = dialect.table(step.from), same = same_key(step.key, dialect);
  const std::string is_current = dialect.identifier(kIsCurrentColumn), moment = dialect.time(step.time, TypeId::timestamp_tz);
  Texts names, values, closed_columns;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(dialect.identifier(column.to));
    values.push_back("source." + names.back());
  }
  for (const std::string& column : step.kept) {
    names.push_back(dialect.identifier(column));
    values.push_back("target." + names.back());
    closed_columns.push_back(names.back());
  }
  for (const std::string& column : step.key) closed_columns.push_back(dialect.identifier(column));
  const std::string closed = step.kept.empty() ? "" : fmt::format(
      " LEFT JOIN (SELECT {} FROM {} WHERE NOT {} AND {} = {} LIMIT 18446744073709551615) AS target ON {}", fmt::join(closed_columns, ", "),
      target, is_current, dialect.identifier(kValidToColumn), moment, same);
  return {fmt::format("UPDATE {} AS target JOIN {} AS source ON {} SET source.{} = 1 WHERE target.{}", target, landing, same,
                      MysqlDialect::kMatched, is_current),
          fmt::format("INSERT INTO {} ({}, {}, {}, {}) SELECT {}, {}, NULL, 1 FROM {} AS source{} WHERE source.{} IS NULL", target,
                      fmt::join(names, ", "), dialect.identifier(kValidFromColumn), dialect.identifier(kValidToColumn), is_current,
                      fmt::join(values, ", "), moment, landing, closed, MysqlDialect::kMatched)};
}

Texts statements_of(const DeleteLandedValues& step, const MysqlDialect& dialect) {
  return {fmt::format("DELETE target FROM {0} AS target JOIN {1} AS source ON target.{2} = source.{2}", dialect.table(step.table),
                      dialect.table(step.from), dialect.identifier(step.column.to))};
}

// What is copied has the target's types.
void set_fitted(std::vector<CopiedColumn>& columns) {
  for (CopiedColumn& column : columns) column.from_type = column.to_type;
}

}  // namespace

OrderedSteps in_order(const std::vector<Step>& steps) {
  OrderedSteps ordered;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const auto is_made_later = [&] {
      return std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(i), steps.end(), [&](const Step& later) {
        const auto* made = std::get_if<CreateTable>(&later);
        return made != nullptr && made->table == std::get<DropTable>(step).table;
      });
    };
    if (is_any_of<AddColumn, RetypeColumn>(step)) {
      ordered.widen.push_back(step);
    } else if (row_change(step)) {
      ordered.change.push_back(step);
    } else if (is_any_of<RenameTable, ReplaceTable>(step) || (is_any_of<DropTable>(step) && !is_made_later())) {
      ordered.finish.push_back(step);
    } else {
      ordered.landing.push_back(step);
    }
  }
  return ordered;
}

std::vector<Fitting> fittings_of(const std::vector<Step>& changes) {
  std::vector<Fitting> fittings;
  for (const Step& step : changes) {
    const std::optional<RowChange> change = row_change(step);
    if (!change || !change->landing) continue;
    const auto same = std::ranges::find(fittings, *change->landing, &Fitting::landing);
    Fitting& fitting = same != fittings.end() ? *same : fittings.emplace_back(Fitting{*change->landing, change->table, {}, {}});
    for (const CopiedColumn& column : change->columns) {
      if (std::ranges::find(fitting.columns, column.from, &CopiedColumn::from) == fitting.columns.end()) fitting.columns.push_back(column);
    }
    if (fitting.found_by.empty()) fitting.found_by = is_any_of<DeleteLandedValues>(step) ? names_of(change->columns) : change->key;
  }
  return fittings;
}

Texts mysql_statements(const Step& step, const MysqlDialect& dialect) {
  if (const auto* close = std::get_if<CloseVersions>(&step)) return statements_of(*close, dialect);
  if (const auto* insert = std::get_if<InsertVersions>(&step)) return statements_of(*insert, dialect);
  if (const auto* values = std::get_if<DeleteLandedValues>(&step)) return statements_of(*values, dialect);
  Step fitted = step;
  if (auto* insert = std::get_if<InsertRows>(&fitted)) set_fitted(insert->columns);
  if (auto* merge = std::get_if<MergeRows>(&fitted)) set_fitted(merge->columns);
  if (auto* range = std::get_if<DeleteLandedRange>(&fitted)) range->column.from_type = range->column.to_type;
  return to_sql(fitted, dialect);
}

bool is_written_anew(const RetypeColumn& step) {
  const Type &from = step.from, &to = step.to;
  const bool is_text = to.id == TypeId::varchar || to.id == TypeId::json;
  if (!is_text || from.id == TypeId::null || from.id == TypeId::list) return false;
  if (from.id == TypeId::boolean || from.id == TypeId::real || from.id == TypeId::timestamp || from.id == TypeId::timestamp_tz || from.id == TypeId::time) return true;
  return to.id == TypeId::json && !is_number(from);
}

Texts retyping_of(const std::vector<MysqlColumn>& columns, const RetypeColumn& step, const MysqlKept& kept, const MysqlDialect& dialect) {
  const std::string table = dialect.table(step.table), name = dialect.identifier(step.column), declared = dialect.type(step.to) + kept.sql();
  if (!is_written_anew(step)) return {fmt::format("ALTER TABLE {} MODIFY COLUMN {} {}", table, name, declared)};
  Texts set = {fmt::format("{} = {}", kHelperColumn, dialect.converted(name, step.from, step.to))};
  for (const MysqlColumn& column : columns) {
    // Such a column is not to tell of this.
    if (column.extra.find("on update") != std::string::npos) set.push_back(fmt::format("{0} = {0}", dialect.identifier(column.name)));
  }
  const MysqlColumn* there = find_named(columns, step.column);
  const std::string place = there == &columns.front() ? "FIRST" : "AFTER " + dialect.identifier(std::prev(there)->name);
  return {fmt::format("ALTER TABLE {} ADD COLUMN {} {} NULL", table, kHelperColumn, dialect.type(step.to)),
          fmt::format("UPDATE {} SET {}", table, fmt::join(set, ", ")),
          fmt::format("ALTER TABLE {} DROP COLUMN {}, CHANGE COLUMN {} {} {} {}", table, name, kHelperColumn, name, declared, place)};
}

}  // namespace ingestr::database
