// Values in Parquet files: DuckDB 1.5.5 writes infinite dates and timestamps as the last ones that there are, which other readers take for
// just that, and drops the microseconds of intervals, of which Parquet has months, days and milliseconds, none below zero.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr::file_output {

// The SELECT list that makes what is written of columns: the values as they are. One that no Parquet file holds, also in a list, ends the
// statement with Error(bad_data) that names its column and the cure.
std::string parquet_values(const Schema& columns);

}  // namespace ingestr::file_output
