// Lists of texts on their way through the engine, which writes them as PostgreSQL has the text of an array. It puts no quotes around
// an element that reads NULL, in whatever case, and the server takes that for no value. So such elements, and those that are that and blanks,
// travel with one blank more, for which there are quotes.
#pragma once

#include <string>

#include "data/schema.h"
#include "sql/dialect.h"

namespace ingestr::database {

// Whether a column's lists travel so.
bool is_list_of_texts(const Column& column);

// What is sent for a value of such a column, in the engine's SQL.
std::string marked_texts(const std::string& list);

// A statement that takes the blanks out of a column of a landing table again. It changes the rows that have any.
std::string unmark_texts(const TableName& landing, const Column& column, const Dialect& dialect);

}  // namespace ingestr::database
