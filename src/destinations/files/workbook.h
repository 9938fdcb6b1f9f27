// The file around a sheet of Excel. See ECMA-376.
#pragma once

#include <filesystem>
#include <string>

#include "base/uri.h"

namespace ingestr::file_output {

// What the URI calls the sheet; "Sheet1" when it says nothing. Throws Error(usage) for what no sheet can be called.
std::string sheet_name(const Uri& uri);

// Makes a workbook with one sheet of that name, in its place, of a gzip file of the sheet's XML with less than 4 GB in it, as the embedded
// engine writes them.
void make_workbook(const std::filesystem::path& file, const std::string& name);

// What the one sheet of a workbook is called. Throws Error: unsupported when there are others, bad_data for what is no workbook.
std::string only_sheet(const std::filesystem::path& file);

}  // namespace ingestr::file_output
