// Rows as a sheet of an Excel workbook, which the embedded engine writes line by line, as XML. See ECMA-376, part 1, 18.3.1.
#pragma once

#include <string>
#include <vector>

#include "data/schema.h"
#include "duck/connection.h"
#include "engine/relation.h"

namespace ingestr::file_output {

// Styles of cells, by their numbers in the workbook.
inline constexpr int kDateStyle = 1, kTimeStyle = 2;

// The rows of a table as columns that a sheet can hold: numbers of up to 15 digits, dates and whole milliseconds from March 1900 on,
// truth values, text. A column with any other number or time is text, and so is one of any other type. Looks at all rows. Throws
// Error(bad_data) for what is too much for a sheet, in each part of the rows by `partition_by`, and for a text that no cell holds.
Relation fit_for_sheet(duck::Connection& connection, Relation rows, const std::vector<std::string>& partition_by);

// The SELECT list that makes of such columns a line of XML for each row.
std::string sheet_lines(const Schema& columns);
// Options of COPY: what stands before the first line, which names the columns.
std::string sheet_head(const Schema& columns);

}  // namespace ingestr::file_output
