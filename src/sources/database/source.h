// The source of a database: its tables, and what a SELECT of the user's gives.
#pragma once

#include <memory>
#include <stop_token>

#include "engine/connector.h"
#include "engine/source.h"
#include "sources/database/system.h"

namespace ingestr::database {

// Connects when it is asked for something.
std::unique_ptr<Source> make_source(std::shared_ptr<const System> system, const SourceOptions& options, std::stop_token stop);

}  // namespace ingestr::database
