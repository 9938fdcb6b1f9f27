// Landing tables that are in use are told from those of dead runs by a lock of the server's: a run's session holds that of each of
// its landing tables from before it exists until the session ends, however it ends. A landing table whose lock is to be had is
// a dead run's.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "data/schema.h"
#include "database/mysql_client.h"

namespace ingestr::database {

// One thread at a time, the client's, which outlives it.
class MysqlLocks {
 public:
  explicit MysqlLocks(MysqlClient& client) : client_(client) {}

  // Throws Error(conflict) when another run holds it.
  void claim(const TableName& landing);
  // Runs `work` if nobody else holds it, and holds it meanwhile.
  void if_dead(const TableName& landing, const std::function<void()>& work);

 private:
  bool get(const std::string& name, int seconds);

  MysqlClient& client_;
  std::set<std::string> claimed_;  // names, as SQL
};

}  // namespace ingestr::database
