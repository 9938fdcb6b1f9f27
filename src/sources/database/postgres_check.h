// A check of rows that the embedded engine reads from PostgreSQL, by a session of its own beside it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "database/postgres_server.h"
#include "engine/relation.h"

namespace ingestr::database {

// Runs `sentence`, a SELECT that has a row, a sentence, when something is wrong, as of the snapshot, which lives as long as the transaction that
// has exported it. `stop` ends it too. What goes wrong is thrown by finish().
std::unique_ptr<RowCheck> check_postgres_rows(PostgresServer server, std::string snapshot, std::string sentence, std::stop_token stop);

}  // namespace ingestr::database
