#include "destinations/database/postgres_locks.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "destinations/database/landing.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

// 64 bits of a hash of the schema's name and the table's.
std::string lock_key(const TableName& landing) {
  return fmt::format("('x' || pg_catalog.left(pg_catalog.md5({}), 16))::bit(64)::bigint", duck::quote_text("ingestr " + to_string(landing)));
}

}  // namespace

void PostgresLocks::claim(const TableName& landing) {
  const std::string key = lock_key(landing);
  if (claimed_.contains(key)) return;
  if (client_.is_pooled() && holder_ == nullptr) {
    holder_ = std::make_unique<PostgresClient>(client_.server(), stop_);
    holder_->execute("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0");
  }
  PostgresClient& holder = holder_ == nullptr ? client_ : *holder_;
  const std::string_view scope = holder_ == nullptr ? "" : "LOCAL ";
  holder.execute(fmt::format("SET {}lock_timeout = '{}s'", scope, kOwnLandingSeconds));
  try {
    holder.execute(fmt::format("SELECT pg_catalog.pg_advisory{}_lock({})", holder_ == nullptr ? "" : "_xact", key));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::conflict) throw;
    throw Error(ErrorKind::conflict,
                fmt::format("another run is loading the same table of {}; let it end, or end it, and run again", client_.server().shown()));
  }
  holder.execute(fmt::format("SET {}lock_timeout = 0", scope));
  claimed_.insert(key);
}

bool PostgresLocks::is_dead(const TableName& landing) {
  const std::string key = lock_key(landing);
  return claimed_.contains(key) || client_.query(fmt::format("SELECT pg_catalog.pg_try_advisory_xact_lock({})", key))[0][0] == "t";
}

void PostgresLocks::require() {
  if (holder_ != nullptr) holder_->execute("SELECT 1");
}

}  // namespace ingestr::database
