// Columns whose values stand in the names of directories, as Hive and others write them.
#pragma once

#include <string>
#include <vector>

namespace ingestr::files {

// "year" and "month" of data/year=2026/month=01/x.csv.
std::vector<std::string> partition_names(const std::string& path);

// Options for a reader of DuckDB's: these columns too, as texts, when there are any; else none of them.
std::string partition_options(const std::vector<std::string>& names);

}  // namespace ingestr::files
