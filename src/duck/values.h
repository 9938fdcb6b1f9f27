// Values in SQL of the embedded engine: their text, and strict casts, which lose nothing.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr::duck {

// One value of a column, as an SQL expression.
struct Value {
  std::string sql;
  Type type;
  bool inferred = false;  // it is the JSON text of a value, see data/schema.h
};

// Of a value of the type JSON: the characters of a string, the text of anything else, NULL for null. A string that no UTF-8
// can hold (it has half of a surrogate pair, "\ud83d") keeps its escapes.
std::string decoded_json(const std::string& json);

// The value as text: of JSON as decoded_json() has it, of a list its JSON, of anything else what DuckDB casts it to.
std::string text_of(const Value& value);

struct Cast {
  std::string fits;   // a condition: the value, which is not NULL, can become the type
  std::string value;  // of the type, where it can
};

// A value as another type, which the user has asked for, not a list, by way of its text: "00123" is 123 then. duck/exact_sql.h,
// which goes by what the values alone allow, takes less. With nothing lost, except that REAL and DOUBLE are the nearest
// number, and that a time with a zone becomes UTC:
//
//   numbers      plain ones; those of integers and decimals with no digit too many, but "12.50" is 12.5
//   DATE         YYYY-MM-DD
//   TIME         HH:MM[:SS[.f…]], whole microseconds
//   timestamps   a date, or a date, "T" or a blank, and a time, and for a zone Z, +HH or +HH:MM; without one it is UTC
//   UUID         with its hyphens
//   JSON         what is JSON; a date, a time, a UUID and the like as a string
//   others       what DuckDB takes
Cast strict_cast(const Value& value, const Type& to);

// What is cast to the type: of timestamps a text with the seconds that it may be without, for DuckDB casts none that has a zone, but no seconds.
std::string with_seconds(const std::string& text, const Type& to);

// An expression that ends the statement with an Error(bad_data) of the text that `text`, an expression, gives.
std::string raise(const std::string& text);

}  // namespace ingestr::duck
