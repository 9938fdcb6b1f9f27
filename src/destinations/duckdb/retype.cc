#include "destinations/duckdb/retype.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "engine/destination.h"
#include "engine/evolution.h"

namespace ingestr {
namespace {

bool names(const Rule& rule, std::string_view column) {
  return std::ranges::any_of(rule.columns, [&](const std::string& name) { return equal_ignoring_case(name, column); });
}

[[noreturn]] void refuse(const RetypeColumn& step, std::string_view native, std::string_view why) {
  throw Error(ErrorKind::bad_data,
              fmt::format("it is {0} and would have to become {1}, and {2}; keep its type with --columns {3}:{0}, or drop what is in the way first", native,
                          to_string(step.to), why, step.column));
}

void check(const RetypeColumn& step, const std::vector<Rule>& rules, std::string_view native) {
  for (const Rule& rule : rules) {
    if (rule.part == Rule::Part::table && rule.compares && names(rule, step.column) && !are_akin(step.from, step.to)) {
      refuse(step, native, fmt::format("{} compares it with values of its own type", rule.name));
    }
    if (rule.refers_to_itself) refuse(step, native, fmt::format("the table has a {} to itself", rule.name));
  }
}

struct NewColumns {
  Schema schema;
  std::vector<std::string> names;
  std::vector<std::string> values;  // over the old columns
  std::string native;               // of the column that gets another type, before
};

// The types of all others are what DuckDB calls them, which may be none of ours.
NewColumns new_columns(const RetypeColumn& step, Tables& tables, const DuckdbDialect& dialect) {
  NewColumns made;
  for (const TableColumn& column : tables.columns(step.table)) {
    if (column.is_computed) continue;
    const bool is_it = equal_ignoring_case(column.name, step.column);
    if (is_it) made.native = column.native;
    made.schema.columns.push_back({column.name, is_it ? step.to : Type::native_of(column.native), false});
    made.names.push_back(dialect.identifier(column.name));
    made.values.push_back(is_it ? dialect.converted(made.names.back(), step.from, step.to) : made.names.back());
  }
  return made;
}

}  // namespace

bool needs_new_table(const RetypeColumn& step, const std::vector<Rule>& rules, Tables& tables) {
  return tables.has_foreign_key(step.table) || std::ranges::any_of(rules, [&](const Rule& rule) {
           return rule.part == Rule::Part::index || rule.part == Rule::Part::computed ||
                  (rule.part == Rule::Part::table && names(rule, step.column));
         });
}

void retype_in_new_table(const RetypeColumn& step, const std::vector<Rule>& rules, Tables& tables, const DuckdbDialect& dialect,
                         duck::Connection& connection) {
  const NewColumns made = new_columns(step, tables, dialect);
  check(step, rules, made.native);
  const std::string table = dialect.table(step.table);
  const std::string old = dialect.table({step.table.schema, std::string(kLandingPrefix) + step.table.table + "_old"});
  const std::string columns = fmt::format("{}", fmt::join(made.names, ", "));
  connection.execute(fmt::format("CREATE TABLE {} AS SELECT {} FROM {}", old, columns, table));
  const SearchPath path(connection, schema_of(step.table), dialect);
  try {
    connection.execute(fmt::format("DROP TABLE {}", table));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::conflict) throw;
    refuse(step, made.native, "a foreign key of another table refers to the table");
  }
  try {
    for (const std::string& sql : create_sql(step.table, made.schema, rules, dialect)) connection.execute(sql);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled || error.kind() == ErrorKind::no_memory) throw;
    refuse(step, made.native, fmt::format("an index, a constraint or a computed column of the table does not allow that ({})", error.what()));
  }
  connection.execute(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table, columns, fmt::join(made.values, ", "), old));
  connection.execute(fmt::format("DROP TABLE {}", old));
}

}  // namespace ingestr
