// SQL of the functions that every engine of ours has beside DuckDB's own: text to value, with nothing lost. Their rules
// are those of data/type_evidence.h and data/exact_value.h.
#pragma once

#include <string>
#include <vector>

#include "data/exact_value.h"
#include "data/schema.h"

namespace ingestr::duck {

// `text`, a VARCHAR expression, as a value of the type: varchar as it is, json likewise and unread; boolean, bigint, double, decimal, date
// and timestamps converted; NULL as NULL. A text that would widen the type stops the statement with Error(bad_data) that
// shows it; for the type null that is any.
std::string exact_sql(const std::string& text, const Type& type, NumberForm form);

// `text` likewise, for a column that is there: as TypeEvidence::fits() says, blank ones as NULL.
std::string fitting_sql(const std::string& text, const Type& type);

// An aggregate over the fields of a text file: what they say of the type, as TypeEvidence::of_text() reads it.
std::string evidence_sql(const std::string& text);

// An aggregate over the lines of a JSON Lines file, each one object: a list of key, evidence, key, evidence…, in the order in
// which keys appeared, as far as one thread read them. Blank lines count for nothing. A line that is no object stops the
// statement with Error(bad_data).
std::string json_evidence_sql(const std::string& line);

// A key of a JSON object and how its value is wanted.
struct JsonKey {
  std::string name;
  Type type;
};

// A list with the text of each key's value in the object `line`, for exact_sql(): characters of strings for varchar, dates
// and timestamps, else JSON text; NULL for null and where the key is missing. Of a key that is there twice the first counts.
// A string where a number or a boolean is wanted, for example, stops the statement with Error(bad_data).
std::string json_values_sql(const std::string& line, const std::vector<JsonKey>& keys);

// Whether a line is more than white space; false for NULL.
std::string has_text_sql(const std::string& line);

// What is wrong with a line; NULL where it is one object, or blank.
std::string json_fault_sql(const std::string& line);

}  // namespace ingestr::duck
