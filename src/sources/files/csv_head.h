// What the first lines of a CSV file say: its delimiter and its header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ingestr::files {

struct CsvHead {
  std::string delimiter;
  std::vector<std::string> columns;  // distinct, ignoring case
  std::vector<std::string> written;  // the same as the header has them
  uint64_t skipped = 0;              // lines before the header: empty ones, and Excel's "sep=;"
  uint64_t header_lines = 1;         // that the header goes over

  bool operator==(const CsvHead&) const = default;
};

// The header is the first line that is not empty, or the next one behind Excel's "sep=;". `delimiter` empty: it is the one that Excel
// says there, or else that of comma, tab, semicolon and bar that parts the header into most fields, of those that part the next row into
// as many, if there are any. Names lose white space around them; the second column "a" is called "a_2", and a third one without a name
// "column_3". No columns: no line but empty ones.
CsvHead read_csv_head(const std::vector<std::string>& lines, const std::string& delimiter);

}  // namespace ingestr::files
