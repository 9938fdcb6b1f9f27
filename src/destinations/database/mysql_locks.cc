#include "destinations/database/mysql_locks.h"

#include <fmt/format.h>

#include "base/error.h"
#include "destinations/database/landing.h"
#include "duck/text.h"
#include "engine/destination.h"

namespace ingestr::database {
namespace {

// At most 64 characters, as MySQL wants it. One for all names that are the same table's.
std::string lock_name(const TableName& landing) {
  return fmt::format("CONCAT('ingestr ', LEFT(SHA2(IF(@@lower_case_table_names = 0, {0}, LOWER({0})), 256), 48))",
                     duck::quote_text(to_string(landing)));
}

}  // namespace

bool MysqlLocks::get(const std::string& name, int seconds) {
  return client_.query(fmt::format("SELECT GET_LOCK({}, {})", name, seconds))[0][0] == "1";
}

void MysqlLocks::claim(const TableName& landing) {
  const std::string name = lock_name(landing);
  if (claimed_.contains(name)) return;
  if (!get(name, kOwnLandingSeconds)) {
    throw Error(ErrorKind::conflict,
                fmt::format("another run is loading the same table of {}; let it end, or end it, and run again", client_.server().shown()));
  }
  claimed_.insert(name);
}

void MysqlLocks::if_dead(const TableName& landing, const std::function<void()>& work) {
  const std::string name = lock_name(landing);
  if (claimed_.contains(name)) return work();
  if (!get(name, kOtherLandingSeconds)) return;
  work();
  client_.execute(fmt::format("DO RELEASE_LOCK({})", name));
}

}  // namespace ingestr::database
