// Partitions: rows of a table that go into files of their own, in directories called column=value, as Hive and others have them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/schema.h"
#include "destinations/files/format.h"

namespace ingestr::file_output {

// DuckDB keeps buffers for each that it writes at the same time.
inline constexpr uint64_t kPartitionsAtOnce = 32;

// The table of partitions: their number, from 0 on, their values, and the texts that directories are named by.
inline constexpr std::string_view kPartitions = "memory.main._ingestr_partitions";

// A statement that makes it, of the rows of `select`. It ends with an Error(bad_data) that names a value that no directory can be
// named by.
std::string list_partitions_sql(const std::string& select, const Schema& columns, const std::vector<std::string>& partition_by);

// A statement that writes the partitions from `first` on, kPartitionsAtOnce of them, into files called 0, 1… with the format's
// extension, in directories below `directory`. `row_bytes` as in copy_sql().
std::string copy_partitions_sql(const Format& format, const std::string& select, const Schema& columns,
                                const std::vector<std::string>& partition_by, uint64_t first, std::string_view directory,
                                uint64_t row_bytes);

// What the directory of such a file is called where others read it: readers take the text NULL, in any case, for no value, unless it is
// encoded.
std::filesystem::path partition_directory(const std::filesystem::path& directory);

}  // namespace ingestr::file_output
