// Values as text that loses nothing, as SQL of the embedded engine.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr::duck {

// What DuckDB casts a value to, but with a digit before the point: it writes .25 for a decimal that has as many decimals as digits, which
// is no number of JSON.
std::string text_sql(const std::string& value, const Type& type);
// The same as a value of the type JSON, of a type that is a number or a list.
std::string to_json_sql(const std::string& value, const Type& type);

// As CSV files have it: numbers with all digits, times as ISO 8601 with a Z where they have a zone, JSON and lists as JSON, other
// values as DuckDB casts them to text. NULL stays NULL.
std::string field_sql(const std::string& value, const Type& type);
// The same for a COPY to CSV, which casts values to text itself: until then they wait in less memory as what they are.
std::string uncast_field_sql(const std::string& value, const Type& type);

// A list as a JSON array, as json_sql() has it; NULL stays NULL.
std::string json_list_sql(const std::string& value, const Type& element);

// JSON text on one line: numbers with all digits, NaN and infinities as strings, JSON as it is, what JSON has not as the
// string of its field; NULL is null.
std::string json_sql(const std::string& value, const Type& type);

}  // namespace ingestr::duck
