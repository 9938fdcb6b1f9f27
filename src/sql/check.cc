#include "sql/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

Check exact(const RequireExact& step, const Dialect& dialect) {
  const std::string column = dialect.identifier(step.column);
  const std::string there = dialect.converted(column, step.from, step.to);
  const std::string back = dialect.try_converted(there, step.to, step.from);
  return {fmt::format("SELECT count(*) FROM {} WHERE {} IS NOT NULL AND {}",
                      dialect.table(step.table), column, dialect.differ(back, column, step.from)),
          fmt::format("column {} would have to become {}, but {{}} a {} in it that {} cannot hold "
                      "without loss; leave the column out with --sql-exclude-columns, or replace the "
                      "table with --full-refresh",
                      step.column, to_string(step.to), to_string(step.from), to_string(step.to))};
}

Check no_nulls(const RequireNoNulls& step, const std::string& column, const Dialect& dialect) {
  return {fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", dialect.table(step.table),
                      dialect.identifier(column)),
          fmt::format("{{}} NULL in the column {}, which is a key; {}", column, step.why)};
}

// `(SELECT CAST(NULL AS …) AS …)`: one row of these columns.
std::string row_of(const Schema& schema, const Dialect& dialect) {
  std::vector<std::string> columns;
  for (const Column& column : schema.columns) {
    columns.push_back(fmt::format("{} AS {}", dialect.null(column.type), dialect.identifier(column.name)));
  }
  return fmt::format("(SELECT {})", fmt::join(columns, ", "));
}

}  // namespace

std::string predicate_sql(const RequirePredicate& step, const Dialect& dialect) {
  // Only a condition can be negated, and on lines of its own a comment in it ends.
  return fmt::format("SELECT NOT (\n{}\n) FROM {} AS target, {} AS source", step.predicate,
                     row_of(step.target, dialect), row_of(step.source, dialect));
}

void Check::judge(uint64_t rows) const {
  if (rows == 0) return;
  std::string text = fault;
  text.replace(text.find("{}"), 2,
               rows == 1 ? "1 row has" : group_digits(rows) + " rows have");
  throw Error(ErrorKind::bad_data, text);
}

std::vector<Check> checks_of(const Step& step, const Dialect& dialect) {
  std::vector<Check> checks;
  if (const auto* wanted = std::get_if<RequireExact>(&step)) {
    checks.push_back(exact(*wanted, dialect));
  } else if (const auto* none = std::get_if<RequireNoNulls>(&step)) {
    for (const std::string& column : none->columns)
      checks.push_back(no_nulls(*none, column, dialect));
  }
  return checks;
}

}  // namespace ingestr
