#include "destinations/duckdb/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "sql/rows.h"

namespace ingestr {
namespace {

using Texts = std::vector<std::string>;

// Where the values wait that the landed rows lack, while the rows are gone.
constexpr std::string_view kWaiting = "temp.main._ingestr_waiting";

bool comes(const MergeRows& step, std::string_view column) {
  return std::ranges::any_of(step.columns, [&](const CopiedColumn& copied) {
    return equal_ignoring_case(copied.to, column);
  });
}

Texts columns_that_stay(const MergeRows& step, const Schema& target, const Dialect& dialect) {
  Texts names;
  for (const Column& column : target.columns) {
    if (!comes(step, column.name)) names.push_back(dialect.identifier(column.name));
  }
  return names;
}

// The landed rows with their places, which `place` calls, as they go into the target.
std::string placed_rows(const MergeRows& step, std::string_view place, const Dialect& dialect) {
  Texts selected = {fmt::format("{} AS {}", dialect.row_place(), place)};
  for (const CopiedColumn& column : step.columns) {
    selected.push_back(copied_value(column, dialect) + " AS " + dialect.identifier(column.to));
  }
  return fmt::format("(SELECT {} FROM {})", fmt::join(selected, ", "), dialect.table(step.from));
}

}  // namespace

bool may_replace_rows(const MergeRows& step, Tables& tables) {
  if (tables.has_foreign_key(step.to)) return false;
  const Texts with_default = tables.columns_with_default(step.to);
  return std::ranges::all_of(with_default, [&](const std::string& name) { return comes(step, name); });
}

Texts replace_rows_sql(const MergeRows& step, const Schema& target, const DuckdbDialect& dialect) {
  const std::string table = dialect.table(step.to);
  const std::string condition = merge_condition(step, dialect);
  const Texts stay = columns_that_stay(step, target, dialect);
  Texts names, values;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(dialect.identifier(column.to));
    values.push_back("source." + names.back());
  }
  Texts statements;
  std::string source = dialect.landed_rows(step.from, step.columns) + " AS source";
  if (!stay.empty()) {
    Texts waiting;
    for (const std::string& name : stay) {
      waiting.push_back("target." + name);
      names.push_back(name);
      values.push_back("waiting." + name);
    }
    const std::string place = dialect.identifier(free_name("_ingestr_row", target.names()));
    const std::string rows = placed_rows(step, place, dialect);
    statements.push_back(fmt::format("CREATE TEMP TABLE {0} AS SELECT DISTINCT ON (source.{1}) source.{1}, {2} FROM {3} AS target, {4} AS source WHERE {5}",
                                     kWaiting, place, fmt::join(waiting, ", "), table, rows, condition));
    source = fmt::format("{} AS source LEFT JOIN {} AS waiting USING ({})", rows, kWaiting, place);
  }
  statements.push_back(fmt::format("DELETE FROM {} AS target USING {} AS source WHERE {}", table,
                                   dialect.landed_rows(step.from, step.columns), condition));
  statements.push_back(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table,
                                   fmt::join(names, ", "), fmt::join(values, ", "), source));
  if (!stay.empty()) statements.push_back(fmt::format("DROP TABLE {}", kWaiting));
  return statements;
}

}  // namespace ingestr
