// A look at a SQLite file, which is not made.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/context.h"
#include "engine/destination.h"

namespace ingestr::database {

// For Access::look. A file that is not there has no tables; what a killed run left half-written is undone first.
std::unique_ptr<Destination> look_at_sqlite(const std::filesystem::path& path, const Context& context);

}  // namespace ingestr::database
