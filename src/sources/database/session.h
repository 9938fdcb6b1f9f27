// A connection of an engine of its own, with the database attached.
#pragma once

#include <stop_token>
#include "duck/connection.h"
#include "sources/database/system.h"

namespace ingestr::database {

// Throws Error in one sentence that names the database and no secret.
duck::Connection connect(const System& system, std::stop_token stop, bool by_own_name = false);

}  // namespace ingestr::database
