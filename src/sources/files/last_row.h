// The last row of a text file: DuckDB 1.5.5 leaves it out, and says nothing, when it is longer than the pieces that it reads files in.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "duck/bytes.h"
#include "duck/connection.h"
#include "sources/files/files.h"

namespace ingestr::files {

// How long the last line of a text is, in bytes, without what ends it; of a text that comes in pieces.
class LastLine {
 public:
  void add(std::string_view piece);
  uint64_t bytes() const { return open_ > 0 ? open_ : ended_; }

 private:
  uint64_t open_ = 0, ended_ = 0;  // of the line that no line end has ended yet, and of the one before
};

// What goes wrong with such a file, by what people call it.
Error last_row_too_long(std::string_view name, uint64_t most);

// Throws it when the last line of a file, whose bytes these are, is longer than kLongestRow.
void check_last_line(duck::FileBytes& bytes, const Files& file);

// Of a file that is here: whether the last row is known to be far shorter than kSmallPiece; false: it is not, or nothing can be said.
// Rows are those of CSV as DuckDB reads it in its strict mode, fields parted by `delimiter`; empty: each line is one.
bool has_short_last_row(duck::Connection& connection, const Files& file, std::string_view delimiter);

// The same, of a text that the file ends with: whether a row ends in it and another follows, wherever in a row it begins.
bool last_row_begins_in(std::string_view tail, std::string_view delimiter);

}  // namespace ingestr::files
