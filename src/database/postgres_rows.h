// PostgresRows: rows that are in a PostgreSQL database, for another one to take as they are.
#pragma once

#include <string>

#include "database/postgres_server.h"
#include "engine/relation.h"

namespace ingestr::database {

// Never changes; thread-safe.
struct PostgresRows final : Origin {
  PostgresRows(PostgresServer where, std::string rows) : server(std::move(where)), select(std::move(rows)) {}

  const PostgresServer server;
  const std::string select;  // in the server's SQL; each column is of postgres_type() of its type
};

}  // namespace ingestr::database
