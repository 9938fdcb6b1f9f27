// A look at a DuckDB file that may not be there: what a dry run needs.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/destination.h"

namespace ingestr {

// Makes nothing: a file that does not exist has no tables. Throws what duck::DatabaseFile throws.
std::unique_ptr<Destination> look_at_duckdb(const std::filesystem::path& path);

}  // namespace ingestr
