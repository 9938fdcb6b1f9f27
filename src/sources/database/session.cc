#include "sources/database/session.h"

#include "duck/database.h"

namespace ingestr::database {

duck::Connection connect(const System& system, std::stop_token stop, bool by_own_name) {
  const duck::Database engine;
  duck::Connection connection = engine.connect(std::move(stop));
  if (system.extension()) duck::load(connection, *system.extension());
  system.reach();
  try {
    for (const std::string& statement : by_own_name ? system.attach_by_own_name() : system.attach()) connection.execute(statement);
  } catch (const Error& error) {
    throw system.connect_failure(error);
  }
  return connection;
}

}  // namespace ingestr::database
