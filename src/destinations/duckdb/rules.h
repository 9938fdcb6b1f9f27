// Rules: what a table says of its rows apart from the types of its columns: keys and other constraints, NOT NULL, defaults, collations,
// indexes, computed columns; and its comments. A table that takes another one's place gets its rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "destinations/duckdb/dialect.h"
#include "duck/connection.h"

namespace ingestr {

struct Rule {
  enum class Part {
    column,   // `sql` stands behind the type of its column: `NOT NULL`
    computed, // among the columns of CREATE TABLE, a column of its own: `"d" BIGINT GENERATED ALWAYS AS (n * 2)`
    table,    // behind the columns of CREATE TABLE: `CHECK (n > 0)`
    index,    // a statement of its own: `sql` with the names of index and table, `behind`
    comment,  // likewise: `sql`, the table's name, `behind`
  };
  Part part;
  std::string sql;
  std::string behind{};
  std::string index{};                    // its name
  std::string name;                       // for people: "index by_name"
  std::vector<std::string> columns{};     // that it is about, as far as DuckDB says
  bool compares = false;                  // its columns with values, so their types must stay akin
  bool refers_to_itself = false;          // DuckDB takes no row before the one that it refers to
  bool goes_with_column = false;          // without a word: it says nothing of other columns
};

// Of a table that exists. `connection` has the table's catalog as `catalog`.
std::vector<Rule> rules_of(const TableName& table, const std::string& catalog, const DuckdbDialect& dialect,
                           duck::Connection& connection);

// Whether DuckDB cannot give them to a table that has rows, as it can a comment.
bool need_new_table(const std::vector<Rule>& rules);
// How many of them keep an index, which DuckDB holds in memory.
size_t indexes_of(const std::vector<Rule>& rules);

// The rules that a table of these columns can have; the names of the others are added to `lost`. `old` are the columns of
// the table that has them. Tries each on `connection`, where no transaction is open and which looks for names in the
// table's schema first, with a table named `probe` that is not left.
std::vector<Rule> fitting(const std::vector<Rule>& rules, const Schema& old, const Schema& columns, const TableName& probe,
                          const DuckdbDialect& dialect, duck::Connection& connection, std::vector<std::string>& lost);

// The statements that make an empty table with these rules; those of indexes and comments alone.
std::vector<std::string> create_sql(const TableName& table, const Schema& columns, const std::vector<Rule>& rules,
                                    const DuckdbDialect& dialect);
std::vector<std::string> added_sql(const TableName& table, const std::vector<Rule>& rules, const DuckdbDialect& dialect);

}  // namespace ingestr
