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

std::string discarded(const DiscardRows& step, const Dialect& dialect) {
  std::vector<std::string> reasons;
  for (const std::string& column : step.columns)
    reasons.push_back(dialect.identifier(column) + " IS NOT NULL");
  for (const CopiedColumn& column : step.narrowed)
    reasons.push_back("(" + misfit(column.from, column.from_type, column.to_type, dialect) + ")");
  return fmt::format("{}", fmt::join(reasons, " OR "));
}

}  // namespace

std::vector<std::string> discard_sql(const DiscardRows& step, const Dialect& dialect) {
  return {
      fmt::format("DELETE FROM {} WHERE {}", dialect.table(step.table), discarded(step, dialect))};
}

std::vector<std::string> discard_sql(const FitColumn& step, const Dialect& dialect) {
  const std::string column = dialect.identifier(step.column);
  return {fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DATA TYPE {} USING {}",
                      dialect.table(step.table), column, dialect.type(step.to),
                      dialect.fitted(column, step.from, step.to))};
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
