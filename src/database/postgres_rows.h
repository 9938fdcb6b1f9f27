// PostgresRows: rows that are in a PostgreSQL database, for another one to take as they are.
#pragma once

#include <string>
#include <vector>

#include "database/postgres_server.h"
#include "engine/relation.h"

namespace ingestr::database {

// Never changes; thread-safe.
struct PostgresRows final : Origin {
  // A column's values, in the server's SQL.
  struct Value {
    std::string ours;   // of postgres_type() of its type
    std::string there;  // of what the source calls that; empty: no otherwise
  };
  PostgresRows(PostgresServer where, std::vector<Value> columns, std::string rows)
      : server(std::move(where)), values(std::move(columns)), from(std::move(rows)) {}

  const PostgresServer server;
  const std::vector<Value> values;
  const std::string from;  // what follows them in a SELECT
};

}  // namespace ingestr::database
