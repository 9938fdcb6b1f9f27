// The last row of a text file: DuckDB 1.5.5 leaves it out, and says nothing, when it is longer than the pieces that it reads files in.
#pragma once

#include <string_view>

#include "sources/files/files.h"

namespace ingestr::files {

// Throws Error(bad_data) when the last line of a file, here and not compressed, is longer than kLongestRow.
void check_last_line(const Files& file);

// Whether the last row is known to be far shorter than kSmallPiece; false: it is not, or nothing can be said. Rows are those of CSV as
// DuckDB reads it in its strict mode, fields parted by `delimiter`; empty: each line is one.
bool has_short_last_row(const Files& file, std::string_view delimiter);

// The same, of a text that the file ends with: whether a row ends in it and another follows, wherever in a row it begins.
bool last_row_begins_in(std::string_view tail, std::string_view delimiter);

}  // namespace ingestr::files
