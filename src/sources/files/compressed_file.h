// Whether a compressed file is all there: DuckDB 1.5.5 takes the end of a .gz or .zst file for the end of its text wherever it is cut, and
// looks at no checksum of a .gz file.
#pragma once

#include <optional>
#include <stop_token>

#include "duck/connection.h"
#include "sources/files/files.h"
#include "sources/files/text_edges.h"

namespace ingestr::files {

struct CompressedCheck {
  bool to_the_end = true;                 // or only whether it begins as its name says
  std::optional<uint64_t> longest_line{}; // of its text, in bytes; see check_last_line()
};

// Decompresses those that are compressed, wherever they are, and keeps nothing but how they begin and end; others are passed over. Throws
// Error(bad_data) naming the first one that is not compressed as its name says, does not end as its kind does, whose checksum is another or whose last line is
// longer; Error(cancelled) soon after `stop` is requested; and what reading them throws.
PackedTexts check_compressed(duck::Connection& connection, const Files& files, const CompressedCheck& check, const std::stop_token& stop);

}  // namespace ingestr::files
