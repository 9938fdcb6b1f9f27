#include "destinations/duckdb/rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "destinations/duckdb/tables.h"
#include "engine/evolution.h"

namespace ingestr {
namespace {

using Texts = std::vector<std::string>;

// Reads the catalog's entries on one table.
class Reader {
 public:
  Reader(const TableName& table, const std::string& catalog, const DuckdbDialect& dialect, duck::Connection& connection)
      : table_(table), catalog_(catalog), dialect_(dialect), connection_(connection) {}

  void add_constraints();
  void add_collations();
  void add_defaults();
  void add_indexes();
  void add_comments();
  std::vector<Rule> rules;

 private:
  std::vector<duck::Connection::Row> rows(std::string_view columns, std::string_view from, std::string_view order = "") {
    return connection_.query(fmt::format(
        "SELECT {} FROM {} WHERE database_name = {} AND lower(schema_name) = lower({}) AND lower(table_name) = lower({}){}",
        columns, from, dialect_.text(catalog_), dialect_.text(schema_of(table_)), dialect_.text(table_.table), order));
  }
  Rule constraint(const std::string& type, const duck::Connection::Row& row, Texts columns);

  const TableName& table_;
  const std::string& catalog_;
  const DuckdbDialect& dialect_;
  duck::Connection& connection_;
};

Texts quoted(const Texts& names, const Dialect& dialect) {
  Texts texts;
  for (const std::string& name : names) texts.push_back(dialect.identifier(name));
  return texts;
}

Rule Reader::constraint(const std::string& type, const duck::Connection::Row& row, Texts columns) {
  const std::string names = fmt::format("({})", fmt::join(quoted(columns, dialect_), ", "));
  Rule rule{.part = Rule::Part::table, .sql = type + " " + names, .columns = std::move(columns)};
  rule.name = fmt::format("{} ({})", type, fmt::join(rule.columns, ", "));
  if (type == "CHECK") {
    rule.sql = rule.name = fmt::format("CHECK ({})", row[2].value());
    rule.compares = true;
  } else if (type == "FOREIGN KEY") {
    rule.refers_to_itself = equal_ignoring_case(row[3].value(), table_.table);
    rule.sql += fmt::format(" REFERENCES {} ({})", dialect_.identifier(row[3].value()), row[4].value());
  } else if (type == "NOT NULL") {
    rule.part = Rule::Part::column;
    rule.sql = type;
    rule.goes_with_column = true;
  }
  return rule;
}

// A row for each column of each constraint.
void Reader::add_constraints() {
  const auto found = rows(
      "constraint_index, constraint_type, expression, referenced_table, array_to_string(list_transform("
      "referenced_column_names, lambda name: '\"' || replace(name, '\"', '\"\"') || '\"'), ', '), constraint_column_names[place]",
      "(SELECT *, unnest(range(1, greatest(len(constraint_column_names), 1) + 1)) AS place FROM duckdb_constraints())",
      " ORDER BY constraint_index, place");
  Texts key;  // its columns are NOT NULL because of it
  for (size_t i = 0; i < found.size();) {
    const duck::Connection::Row& first = found[i];
    Texts columns;
    for (; i < found.size() && found[i][0] == first[0]; ++i) {
      if (found[i][5]) columns.push_back(*found[i][5]);
    }
    const std::string& type = first[1].value();
    if (type == "PRIMARY KEY") key = columns;
    rules.push_back(constraint(type, first, std::move(columns)));
  }
  std::erase_if(rules, [&](const Rule& rule) {
    return rule.sql == "NOT NULL" && std::ranges::find(key, rule.columns.front()) != key.end();
  });
}

void Reader::add_collations() {
  for (const TableColumn& column : Tables(connection_, dialect_, catalog_).columns(table_)) {
    if (column.collation.empty()) continue;
    rules.push_back({.part = Rule::Part::column,
                     .sql = "COLLATE " + column.collation,
                     .name = fmt::format("the collation of {}", column.name),
                     .columns = {column.name},
                     .compares = true,
                     .goes_with_column = true});
  }
}

// The catalog has the expression of a computed column within a cast to the column's type, which is in quotes in the transaction that made it.
std::string_view without_cast(std::string_view expression, const std::string& type) {
  constexpr std::string_view kBegin = "CAST(";
  if (!expression.starts_with(kBegin)) return expression;
  for (const std::string& end : {fmt::format(" AS {})", type), fmt::format(" AS \"{}\")", type)}) {
    if (expression.ends_with(end)) return expression.substr(kBegin.size(), expression.size() - kBegin.size() - end.size());
  }
  return expression;
}

// The catalog has the expressions of computed columns among them.
void Reader::add_defaults() {
  const Texts computed = Tables(connection_, dialect_, catalog_).computed_columns(table_);
  for (const auto& row : rows("column_name, column_default, data_type", "duckdb_columns()", " AND column_default IS NOT NULL")) {
    if (std::ranges::find(computed, row[0].value()) != computed.end()) {
      rules.push_back({.part = Rule::Part::computed,
                       .sql = fmt::format("{} {} GENERATED ALWAYS AS ({})", dialect_.identifier(row[0].value()), row[2].value(),
                                          without_cast(row[1].value(), row[2].value())),
                       .name = fmt::format("the computed column {}", row[0].value())});
      continue;
    }
    rules.push_back({.part = Rule::Part::column,
                     .sql = fmt::format("DEFAULT ({})", row[1].value()),
                     .name = fmt::format("the default of {}", row[0].value()),
                     .columns = {row[0].value()},
                     .compares = true,
                     .goes_with_column = true});
  }
}

// What stands behind the table's name in `CREATE INDEX name ON table(…);`.
std::string behind_table(std::string_view sql) {
  bool in_quotes = false;
  for (size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '"') in_quotes = !in_quotes;
    if (sql[i] == '(' && !in_quotes) return std::string(sql.substr(i, sql.find_last_not_of("; ") + 1 - i));
  }
  return "";
}

void Reader::add_indexes() {
  for (const auto& row : rows("index_name, is_unique, sql", "duckdb_indexes()")) {
    rules.push_back({.part = Rule::Part::index,
                     .sql = row[1] == "true" ? "CREATE UNIQUE INDEX" : "CREATE INDEX",
                     .behind = behind_table(row[2].value()),
                     .index = row[0].value(),
                     .name = "index " + row[0].value()});
  }
}

void Reader::add_comments() {
  const auto add = [&](std::string sql, std::string behind, const std::string& comment) -> Rule& {
    behind += " IS " + dialect_.text(comment);
    rules.push_back({.part = Rule::Part::comment, .sql = std::move(sql), .behind = std::move(behind), .name = "a comment"});
    rules.back().goes_with_column = true;
    return rules.back();
  };
  for (const auto& row : rows("comment", "duckdb_tables()", " AND comment IS NOT NULL")) {
    add("COMMENT ON TABLE ", "", row[0].value());
  }
  for (const auto& row : rows("column_name, comment", "duckdb_columns()", " AND comment IS NOT NULL")) {
    const std::string& column = row[0].value();
    add("COMMENT ON COLUMN ", "." + dialect_.identifier(column), row[1].value()).columns = {column};
  }
}

bool has_all(const Schema& schema, const Texts& columns) {
  return std::ranges::all_of(columns, [&](const std::string& name) { return find_column(schema, name) != nullptr; });
}

bool are_like(const Schema& a, const Schema& b, const Texts& columns) {
  return std::ranges::all_of(columns, [&](const std::string& name) {
    const Column* there = find_column(a, name);
    const Column* here = find_column(b, name);
    return there != nullptr && here != nullptr && (there->type.id == here->type.id || are_akin(there->type, here->type));
  });
}

bool can_have(Rule rule, const TableName& probe, const Schema& columns, const DuckdbDialect& dialect,
              duck::Connection& connection) {
  rule.index = probe.table;                         // its own name is taken
  const duck::Transaction transaction(connection);  // is rolled back
  try {
    for (const std::string& sql : create_sql(probe, columns, {rule}, dialect)) connection.execute(sql);
    return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    return false;
  }
}

}  // namespace

std::vector<Rule> rules_of(const TableName& table, const std::string& catalog, const DuckdbDialect& dialect,
                           duck::Connection& connection) {
  Reader reader(table, catalog, dialect, connection);
  reader.add_constraints();
  reader.add_collations();
  reader.add_defaults();
  reader.add_indexes();
  reader.add_comments();
  return std::move(reader.rules);
}

bool need_new_table(const std::vector<Rule>& rules) {
  return !std::ranges::all_of(rules, [](const Rule& rule) { return rule.part == Rule::Part::comment; });
}

size_t indexes_of(const std::vector<Rule>& rules) {
  return static_cast<size_t>(std::ranges::count_if(rules, [](const Rule& rule) {
    return rule.part == Rule::Part::index || (rule.part == Rule::Part::table && !rule.compares);
  }));
}

std::vector<Rule> fitting(const std::vector<Rule>& rules, const Schema& old, const Schema& columns, const TableName& probe,
                          const DuckdbDialect& dialect, duck::Connection& connection, Texts& lost) {
  std::vector<Rule> kept;
  for (const Rule& rule : rules) {
    const bool has_columns = has_all(columns, rule.columns);
    if (!has_columns && rule.goes_with_column) continue;
    const bool fits = has_columns && !rule.refers_to_itself && (!rule.compares || are_like(old, columns, rule.columns));
    if (fits && can_have(rule, probe, columns, dialect, connection)) {
      kept.push_back(rule);
    } else {
      lost.push_back(rule.name);
    }
  }
  return kept;
}

Texts create_sql(const TableName& table, const Schema& columns, const std::vector<Rule>& rules, const DuckdbDialect& dialect) {
  Texts parts;
  for (const Column& column : columns.columns) {
    parts.push_back(dialect.identifier(column.name) + " " + dialect.type(column.type));
    for (const Rule& rule : rules) {
      const bool is_its = rule.part == Rule::Part::column && equal_ignoring_case(rule.columns.front(), column.name);
      if (is_its) parts.back() += " " + rule.sql;
    }
  }
  for (const Rule& rule : rules) {
    if (rule.part == Rule::Part::computed) parts.push_back(rule.sql);
  }
  for (const Rule& rule : rules) {
    if (rule.part == Rule::Part::table) parts.push_back(rule.sql);
  }
  Texts statements = added_sql(table, rules, dialect);
  statements.insert(statements.begin(), fmt::format("CREATE TABLE {} ({})", dialect.table(table), fmt::join(parts, ", ")));
  return statements;
}

Texts added_sql(const TableName& table, const std::vector<Rule>& rules, const DuckdbDialect& dialect) {
  const std::string name = dialect.table(table);
  Texts statements;
  for (const Rule& rule : rules) {
    if (rule.part == Rule::Part::index) {
      statements.push_back(fmt::format("{} {} ON {} {}", rule.sql, dialect.identifier(rule.index), name, rule.behind));
    }
    if (rule.part == Rule::Part::comment) statements.push_back(rule.sql + name + rule.behind);
  }
  return statements;
}

}  // namespace ingestr
