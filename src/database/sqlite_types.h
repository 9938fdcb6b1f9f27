// SQLite's types and ours. SQLite has five kinds of values; what a column is to us stands in its declared type, which also decides
// (https://sqlite.org/datatype3.html#determination_of_column_affinity) what becomes of a value on its way into the column.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/schema.h"

namespace ingestr::database {

// The declared type of a column that takes ours, and that our source reads as the same type (docs/sqlite.md has the table).
std::string sqlite_type(const Type& type);

// The same in a STRICT table, which has four types only (https://sqlite.org/stricttables.html).
std::string strict_sqlite_type(const Type& type);

// Ours, of a column whose values are to be looked at before they are taken for it: it is declared as only we do. Nothing: it is not.
std::optional<Type> own_type_of_sqlite(std::string_view declared);

// Ours, of a column that is declared so, by us or by others: a name that says more than an affinity, else by affinity.
Type type_of_sqlite(std::string_view declared);

// What becomes of text that looks like a number in a column that is declared so.
enum class SqliteAffinity { text, blob, number };
SqliteAffinity affinity_of(std::string_view declared);
// Whether a column with the affinity of numbers would make one of the text.
bool looks_like_number(std::string_view text);

// What is bound for a column of ours, given as SQL of the embedded engine over a value: BIGINT, DOUBLE, BOOLEAN, BLOB or VARCHAR.
std::string sqlite_value(const std::string& value, const Type& type);
// The type of that.
Type sqlite_value_type(const Type& type);

}  // namespace ingestr::database
