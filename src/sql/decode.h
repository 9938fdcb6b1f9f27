// Columns of JSON text that get their type.
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

// What a database makes of the step's column, as expressions.
struct DecodedJson {
  std::string text;  // the characters of a string, the text of anything else, NULL for null
  std::string list;  // of an array, as the step's type; of use when that is a list
};

// The statement of the step for a database that can rewrite a column in its place; none when the column stays JSON.
std::vector<std::string> decode_sql(const DecodeColumn& step, const DecodedJson& json, const Dialect& dialect);

}  // namespace ingestr
