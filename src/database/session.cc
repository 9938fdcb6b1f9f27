#include "database/session.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr::database {

bool may_be_cut_off(std::string_view statement) { return statement != "COMMIT" && !statement.starts_with("RENAME "); }

Transaction::Transaction(Session& session, const std::string& begin) : session_(session) { session_.execute(begin); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    session_.execute("ROLLBACK");
  } catch (const std::exception&) {
    // The session is lost, and its transaction with it.
  }
}

void Transaction::commit() {
  open_ = false;
  try {
    session_.execute("COMMIT");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unavailable) throw;
    throw Error(error.kind(), fmt::format("{}; that was while the changes were committed, so look whether they are there", error.what()));
  }
}

}  // namespace ingestr::database
