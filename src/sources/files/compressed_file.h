// Whether a compressed file is all there: DuckDB 1.5.5 takes the end of a .gz or .zst file for the end of its text wherever it is cut, and
// looks at no checksum of a .gz file.
#pragma once

#include <stop_token>
#include <string>

#include "sources/files/files.h"

namespace ingestr::files {

// Decompresses those that are here and compressed, to the end, and keeps nothing; others are passed over. Throws Error(bad_data) naming the
// first one that does not end as its kind does or whose checksum is another, and Error(cancelled) soon after `stop` is requested.
void check_compressed(const Files& files, const std::stop_token& stop);

}  // namespace ingestr::files
