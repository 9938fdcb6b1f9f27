// Values of one type as another, in MySQL's SQL. Expressions of texts are in NO_BACKSLASH_ESCAPES.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr::database {

// As sql/dialect.h has converted() and try_converted().
std::string mysql_converted(const std::string& value, const Type& from, const Type& to);
std::string mysql_try_converted(const std::string& value, const Type& from, const Type& to);

// A text as a type: NULL where it is not exactly a value of it. In a statement that changes rows only when the SQL mode is not
// strict: there a date that does not exist is an error.
std::string mysql_fitted_text(const std::string& text, const Type& to);

// Of JSON text: the characters of a string, the text of anything else, NULL for null. A string that no UTF-8 can hold keeps its
// escapes.
std::string mysql_decoded_json(const std::string& json);

// JSON text as a column of the type takes it; empty: as it is.
std::string mysql_decoded(const std::string& json, const Type& type);

}  // namespace ingestr::database
