// What the schemas of Parquet files say of values that DuckDB 1.5.5 gives other than they are: decimals of more than 38 digits become other
// numbers, and finer parts of a second than it has a type for are cut; and names of columns, of which it makes others where they are the same
// but for case.
#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "duck/connection.h"
#include "sources/files/files.h"

namespace ingestr::files {

// The names of a file's columns, in order, as it has them.
std::vector<std::string> parquet_columns(duck::Connection& connection, const Files& file);

// Throws Error(unsupported) that names file and column of values that are others once they are written: such as are text to us and something
// else there (structs, maps), and nanoseconds that are cut. For files that are written anew.
void check_carried(duck::Connection& connection, const Files& files);

// Looks at the schema of each file, at no value. Throws Error(bad_data) that names file and column of such a decimal, at any depth of the
// column; warns of columns that may have nanoseconds which are cut, once for each name.
void check_parquet(duck::Connection& connection, const Files& files, Logger& log);

}  // namespace ingestr::files
