// Merging in DuckDB. Its MERGE keeps old and new values of all changed rows in memory until the next checkpoint: 40,000 rows of
// 3.4 KB take 720 MB and 6.3 s. Rows that go and come again take 160 MB and 2.7 s; 1,000,000 rows of 100 bytes 170 MB and
// 2.3 s instead of 480 MB and 4.1 s.
#pragma once

#include <string>
#include <vector>

#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/tables.h"
#include "engine/step.h"

namespace ingestr {

// Whether rows of the target may go and come again: no foreign key is about them, and no default would get lost.
bool may_replace_rows(const MergeRows& step, Tables& tables);

// The statements that do `step` so. Of rows that one landed row matches, one is left.
std::vector<std::string> replace_rows_sql(const MergeRows& step, const Schema& target,
                                          const DuckdbDialect& dialect);

}  // namespace ingestr
