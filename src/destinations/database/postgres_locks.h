// Landing tables that are in use are told from those of dead runs by a lock of the server's: a run holds the advisory lock of each of
// its landing tables from before it exists until the run ends, however it ends. A landing table whose lock is to be had is a dead run's.
#pragma once

#include <memory>
#include <set>
#include <stop_token>
#include <string>

#include "data/schema.h"
#include "database/postgres_client.h"

namespace ingestr::database {

// One thread at a time, the client's, which outlives it. Through a pooler, where a session is not one's own between transactions, the
// locks are those of a transaction that is open as long as this lives, in a session of its own.
class PostgresLocks {
 public:
  PostgresLocks(PostgresClient& client, std::stop_token stop) : client_(client), stop_(std::move(stop)) {}

  // Not in a transaction. Waits 5 seconds; throws Error(conflict) when another run holds it still.
  void claim(const TableName& landing);
  // In a transaction, which then holds it. Landing tables of this run are as dead as those of others.
  bool is_dead(const TableName& landing);
  // Throws Error(unavailable) when the locks are lost.
  void require();

 private:
  PostgresClient& client_;
  std::stop_token stop_;
  std::unique_ptr<PostgresClient> holder_;  // of a transaction; null: not needed
  std::set<std::string> claimed_;           // keys, as SQL
};

}  // namespace ingestr::database
