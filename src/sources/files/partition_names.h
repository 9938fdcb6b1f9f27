// Columns whose values stand in the names of directories, as Hive and others write them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "sources/files/files.h"

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

// Of all files of a pattern, what partition_column() says, once each, ignoring case, in their order. Other files have none.
std::vector<std::string> partition_columns(const Files& files);
// What the value of one of `columns` is called in what follows.
std::string partition_field(size_t column);
// A SELECT of `wanted` and of the value of each column, a text, NULL where a file has none. `relation` is what stands behind FROM for files
// whose directories have the same names.
using PartitionRelation = std::function<std::string(const Files& files, const std::vector<std::string>& names)>;
std::string with_partitions(const Files& files, const std::vector<std::string>& columns, std::string_view wanted, const PartitionRelation& relation);
// What all values of each column say of its type, as duck::evidence_sql() gives it; no file is looked at.
duck::Connection::Row partition_evidence(duck::Connection& connection, const Files& files, const std::vector<std::string>& columns);
// The values of one file.
duck::Connection::Row partition_texts(duck::Connection& connection, const Files& file, const std::vector<std::string>& columns);

}  // namespace ingestr::files
