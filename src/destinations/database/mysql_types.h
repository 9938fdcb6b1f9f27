// Our types and MySQL's names of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/schema.h"

namespace ingestr::database {

// What information_schema.columns says of a column.
struct MysqlColumn {
  std::string name;
  std::string type;       // "decimal(10,2) unsigned"
  std::string collation;  // empty: it is no text
  std::string comment;
  bool is_nullable = true;
  bool is_generated = false;
  bool is_json = false;     // by the constraint that MariaDB gives its JSON columns
  std::string extra;        // "auto_increment"
  std::optional<std::string> initial;  // its default, as SQL
  std::string check;                   // its own constraint, which MariaDB keeps with it; but for that of JSON; empty: none

  // What CREATE TABLE has behind the name so that a column takes the same values: type, character set, collation, comment.
  std::string declaration() const;
};

// A column's declaration. MySQL has fewer types than we: what a column is more than its type says is in its comment
// (database/mysql_comments.h). `collation`: of texts, one that tells all texts apart.
std::string mysql_type(const Type& type, std::string_view collation);

// Nothing: it is no type of ours.
std::optional<Type> type_of_mysql(const MysqlColumn& column);

// Whether it holds numbers, of whatever type. A tinyint(1) is one, but for those that are BOOLEAN by their comment.
bool is_number_column(const MysqlColumn& column);

// Whether a column of a table that others made takes what landed as `landed` without getting another type: both mean the same to us, or a
// BOOLEAN landed, for which MySQL's own word is a tinyint(1).
bool takes_as_it_is(const MysqlColumn& column, const MysqlColumn& landed);

// Whether a column is declared as one of ours of its type is.
bool is_declared_as_ours(const MysqlColumn& column, std::string_view collation);

// Whether a column of a type that is none of ours makes something else of a text without a word.
bool mangles_text(const MysqlColumn& column);

// The most bytes that a value of the column has; nothing: the server says itself what is too long.
std::optional<uint64_t> room_of(const MysqlColumn& column);

// A condition: the value, SQL of the type `from`, cannot be in the column as it is, and the server would not say so. Empty:
// there is none.
std::string misfit_of(const MysqlColumn& column, const std::string& value, const Type& from);

}  // namespace ingestr::database
