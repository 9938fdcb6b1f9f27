#include "sql/discard.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ingestr {
namespace {

// Whether a row has a value that does not fit.
std::string misfit(const std::string& column, const Type& from, const Type& to,
                   const Dialect& dialect) {
  const std::string name = dialect.identifier(column);
  return fmt::format("{} IS NOT NULL AND {} IS NULL", name, dialect.fitted(name, from, to));
}

std::vector<std::string> fit_sql(const TableName& table, const std::string& name, const Type& from, const Type& to,
                                 const Dialect& dialect) {
  return dialect.retype(table, name, to, dialect.fitted(dialect.identifier(name), from, to));
}

std::string discarded(const DiscardRows& step, const Dialect& dialect) {
  std::vector<std::string> reasons;
  for (const std::string& column : step.columns)
    reasons.push_back(dialect.identifier(column) + " IS NOT NULL");
  for (const CopiedColumn& column : step.narrowed)
    reasons.push_back("(" + misfit(column.from, column.from_type, column.to_type, dialect) + ")");
  return fmt::format("{}", fmt::join(reasons, " OR "));
}

}  // namespace

// The rows are found before the types change, and go after that: in one transaction DuckDB gives no column another type in a
// table that has lost rows. Where rows change places with that, they go first.
std::vector<std::string> discard_sql(const DiscardRows& step, const Dialect& dialect) {
  const std::string table = dialect.table(step.table);
  const std::string condition = discarded(step, dialect);
  std::vector<std::string> statements;
  const auto fit = [&] {
    for (const CopiedColumn& column : step.narrowed) {
      for (std::string& sql : fit_sql(step.table, column.from, column.from_type, column.to_type, dialect)) {
        statements.push_back(std::move(sql));
      }
    }
  };
  if (step.narrowed.empty() || !dialect.keeps_row_places()) {
    statements.push_back(fmt::format("DELETE FROM {} WHERE {}", table, condition));
    fit();
    return statements;
  }
  statements.push_back(fmt::format("CREATE TEMPORARY TABLE _ingestr_discarded AS SELECT {} AS _ingestr_row FROM {} WHERE {}",
                                   dialect.row_place(), table, condition));
  fit();
  statements.push_back(fmt::format("DELETE FROM {} WHERE {} IN (SELECT _ingestr_row FROM _ingestr_discarded)", table,
                                   dialect.row_place()));
  statements.emplace_back("DROP TABLE _ingestr_discarded");
  return statements;
}

std::vector<std::string> discard_sql(const FitColumn& step, const Dialect& dialect) {
  return fit_sql(step.table, step.column, step.from, step.to, dialect);
}

std::optional<Tally> tally_of(const Step& step, const Dialect& dialect) {
  const auto count = [&](const TableName& table, const std::string& condition) {
    return fmt::format("SELECT count(*) FROM {} WHERE {}", dialect.table(table), condition);
  };
  if (const auto* rows = std::get_if<DiscardRows>(&step)) {
    return Tally{count(rows->table, discarded(*rows, dialect)), &Counters::discarded_rows};
  }
  if (const auto* column = std::get_if<DiscardColumn>(&step)) {
    return Tally{count(column->table, dialect.identifier(column->column) + " IS NOT NULL"),
                 &Counters::discarded_values};
  }
  if (const auto* fit = std::get_if<FitColumn>(&step)) {
    return Tally{count(fit->table, misfit(fit->column, fit->from, fit->to, dialect)),
                 &Counters::discarded_values};
  }
  return std::nullopt;
}

}  // namespace ingestr
