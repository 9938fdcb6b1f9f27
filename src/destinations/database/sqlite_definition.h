// SqliteDefinition: what a CREATE TABLE statement of SQLite says, in pieces that can be kept, changed or left out. SQLite keeps
// the text of the statement and nothing else that has all of it (https://sqlite.org/schematab.html).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ingestr::database {

struct SqliteDefinition {
  // What stands between two commas.
  struct Part {
    bool is_column = false;   // else a constraint of the table
    std::string name;         // of the column
    std::string name_text;    // as it is written
    std::string type;         // as it is written; may be empty
    std::string rest;         // behind the type: NOT NULL DEFAULT 5; of a constraint: all
    std::string sql() const;  // all of it
  };
  std::vector<Part> parts;
  std::string options;  // behind the parenthesis: WITHOUT ROWID

  // Whether SQLite takes no other types than its own for columns, and no values of others.
  bool is_strict() const;

  // The statement, for a table that is called so, in quotes and with its schema.
  std::string sql(std::string_view table) const;
};

// `sql` is what SQLite has kept of a table that is there. Throws Error(internal) for what is none.
SqliteDefinition parse_sqlite_definition(std::string_view sql);

// Whether a word stands in a piece, outside quotes and comments: has_sql_word("a CHECK (b)", "check").
bool has_sql_word(std::string_view piece, std::string_view word);
// The same, outside parentheses too.
bool has_outer_sql_word(std::string_view piece, std::string_view word);

}  // namespace ingestr::database
