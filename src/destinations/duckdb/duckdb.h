// The destination duckdb://: tables of a DuckDB file, written through the embedded engine.
#pragma once

#include <filesystem>
#include <memory>

#include "base/uri.h"
#include "engine/connector.h"
#include "engine/context.h"
#include "engine/destination.h"

namespace ingestr {

// Opens the file that the URI names (engine/database_path.h), or makes it together with the
// directories above it, and locks it. Throws Error: usage for a URI that names no file or has
// parameters, conflict when another process has the file open, and what duck/file.h says.
//
// The session's time zone is UTC. The memory that DuckDB may use is chosen to be little, or taken
// from INGESTR_DUCKDB_MEMORY_LIMIT. A table that is dropped goes with its indexes; views on it stay
// and read the new table. To look, nothing is made and nothing locked but against writers.
std::unique_ptr<Destination> open_duckdb(const Uri& uri, const Context& context,
                                         Access access = Access::change);

// The same for a file that no URI names.
std::unique_ptr<Destination> open_duckdb_file(const std::filesystem::path& path, Access access,
                                              const Context& context);

Connector duckdb_connector();

}  // namespace ingestr
