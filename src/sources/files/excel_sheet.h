// A sheet of an Excel workbook as a relation.
#pragma once

#include <optional>
#include <string>

#include "duck/connection.h"

namespace ingestr::files {

// What stands behind FROM for the rows of a sheet (nothing: the first one) of the workbook at `path`, for an engine that has the
// excel extension. Its first line names the columns; they are DOUBLE, BOOLEAN, DATE, TIME, TIMESTAMP or VARCHAR as the cells of the
// second one are, and a cell below that is none of those stops the statement, naming column and value. Times are whole
// milliseconds, as Excel has them. Looks at the head of the sheet. Throws what the engine says of a file that is none.
std::string sheet_sql(duck::Connection& connection, const std::string& path, const std::optional<std::string>& sheet);

}  // namespace ingestr::files
