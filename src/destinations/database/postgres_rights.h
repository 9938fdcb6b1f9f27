// What the role of a session may not do at a PostgreSQL server, and who gives it the right.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database/postgres_client.h"
#include "engine/step.h"

namespace ingestr::database {

// Why the server has just refused to do steps of `steps`, in one sentence with the cure. Nothing: for a reason that is not looked for, such
// as row level security, or nobody can be asked any more. No transaction is open.
std::optional<std::string> refused_right(PostgresClient& client, const std::vector<Step>& steps);

}  // namespace ingestr::database
