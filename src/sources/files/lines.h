// The lines of text files, as SQL for the embedded engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "sources/files/files.h"
#include "sources/files/text_edges.h"

namespace ingestr::files {

// The longest line, or row of a CSV file, that can be read.
inline constexpr uint64_t kLongestRow = 16'000'000;

// How much of a file DuckDB reads at a time; it holds a few such pieces, and hands each of them to a thread.
enum class Pieces {
  large,  // each holds the longest row
  small,  // less memory, and no thread waits for another's; see sources/files/last_row.h for what they may lose
};
// A longer row stops the reading with Error(bad_data).
inline constexpr uint64_t kSmallPiece = 4'000'000;

// Without the byte order mark of UTF-8 that it may begin with.
std::string_view without_mark(std::string_view text);

// What a server answers that wants a log-in, or has no such file any more: throws Error(bad_data) for a file that begins as a web page does.
void check_is_no_page(const Files& file, std::string_view beginning);

// Throws Error(bad_data) for what one of the files calls a column where no database can.
void check_column_name(const Files& files, std::string_view name);

// As options of read_csv.
std::string piece_options(Pieces pieces);

// A relation with the one column "line", without its end, in order; NULL for an empty line. Whatever line ends there are:
// \n, \r\n or \r. `mixed_ends`: also within one file, and a \r\n is then two of them. `partitions`: names for which partition_value() is to be known.
std::string lines_sql(const Files& files, Pieces pieces, bool mixed_ends = false, const std::vector<std::string>& partitions = {});

// Throws Error(bad_data) for a file that begins as a compressed one does, or as one in another encoding than the one that is said.
void check_beginning(const Files& file, std::string_view beginning);

// Of a file of lines: throws Error(bad_data) for what check_beginning() and check_last_line() refuse, and what is said to be UTF-16 and is not;
// Error(unsupported) for the big-endian one, which DuckDB would take for little-endian. `packed`: what decompressing files has shown.
void check_text(duck::Connection& connection, const Files& file, const PackedTexts& packed);

// Some of the first lines, two at least of a file that has them, and about how long one is.
struct Head {
  std::vector<std::string> lines;  // decoded; an empty one is ""
  uint64_t row_bytes = 0;
};
Head read_head(duck::Connection& connection, const Files& files, const PackedTexts& packed);

}  // namespace ingestr::files
