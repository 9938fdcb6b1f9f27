// Columns whose values stand in the names of directories, as Hive and others write them.
#pragma once

#include <string>
#include <vector>

namespace ingestr::files {

// "year" and "month" of data/year=2026/month=01/x.csv, each once, as they are written there.
std::vector<std::string> partition_names(const std::string& path);
// What the column is called: with %XX decoded.
std::string partition_column(const std::string& name);

// Options for a reader of DuckDB's, by which partition_value() is known when there are any. DuckDB could give the columns itself, but takes the
// texts NULL and null for no value, and a directory rather than the file's own column of that name.
std::string partition_options(const std::vector<std::string>& names);
// The value of the column for such a name, a text, as SQL over the reader's rows.
std::string partition_value(const std::string& name);

}  // namespace ingestr::files
