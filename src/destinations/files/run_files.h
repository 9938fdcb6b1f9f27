// What runs call the files that they write into a directory, and how they know them again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"

namespace ingestr::file_output {

// "orders-20261126T204619123456Z-4711": the table as table_part() has it, when and by which process; no other run calls a file so.
std::string run_name(std::string_view table, SystemTime time, int process);
// What a table is called in names of files, as "sales.orders", and no other one: /, % and a . in a name are percent-encoded.
std::string table_part(const TableName& table);

struct RunFile {
  std::string name;   // in the directory, parts parted by "/"
  std::string table;  // as table_part() has it
};

// The files of `names` as runs of ours have written them: called by run_name(), with a number behind it where there are several,
// and an extension, in the directory itself or in directories that are called column=value. Throws Error(unsupported) for the
// first one that is none, naming `directory`.
std::vector<RunFile> run_files(const std::vector<std::string>& names, const std::string& directory);

}  // namespace ingestr::file_output
