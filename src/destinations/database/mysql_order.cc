#include "destinations/database/mysql_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "destinations/database/mysql_types.h"
#include "engine/row_change.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

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
    if (fitting.found_by.empty()) fitting.found_by = change->found_by;
  }
  return fittings;
}

Texts mysql_statements(const Step& step, const MysqlDialect& dialect) {
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
