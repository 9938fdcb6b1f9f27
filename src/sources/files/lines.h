// The lines of text files, as SQL for the embedded engine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "sources/files/files.h"

namespace ingestr::files {

// The longest line, or row of a CSV file, that can be read.
inline constexpr uint64_t kLongestRow = 16'000'000;

// How much DuckDB reads ahead at a time; it holds a few such buffers. Smaller ones read faster in less memory, but of a last row that
// is longer than a buffer DuckDB 1.5.5 says nothing and gives nothing.
std::string buffer_options();

// A relation with the one column "line", without its end, in order; NULL for an empty line. Whatever line ends there are:
// \n, \r\n or \r. `mixed_ends`: also within one file, and a \r\n is then two of them.
std::string lines_sql(const Files& files, bool mixed_ends = false);

// Throws Error(unsupported) for a file of big-endian UTF-16, which DuckDB would take for little-endian.
void check_byte_order(duck::Connection& connection, const Files& file);

// Throws Error(bad_data) when the last line of a file, here and not compressed, is longer than kLongestRow: DuckDB 1.5.5 ends without it.
void check_last_line(const Files& file);

// The first lines, and about how long one is.
struct Head {
  std::vector<std::string> lines;  // decoded; an empty one is ""
  uint64_t row_bytes = 0;
};
Head read_head(duck::Connection& connection, const Files& files);

}  // namespace ingestr::files
