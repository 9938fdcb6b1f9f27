// Which file a duckdb:// or sqlite:// URI names.
#pragma once

#include <filesystem>

#include "base/uri.h"

namespace ingestr {

// Relative:
//   duckdb:///x.duckdb      duckdb://x.duckdb        duckdb:///./x.duckdb
//   duckdb:///../x.duckdb   duckdb://data/x.duckdb
// Absolute:
//   duckdb:////data/x.duckdb
//   duckdb:///data/x.duckdb   a directory after the third slash
//
// Percent-encoded bytes are decoded after the slashes have been read. Throws Error(usage) when the
// URI names no file: nothing, a directory, or a database in memory.
std::filesystem::path database_path(const Uri& uri);

}  // namespace ingestr
