// PostgresServer: where a PostgreSQL database is and how it is reached, the same for reading and for writing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/uri.h"
#include "database/address.h"
#include "database/postgres_settings.h"
#include "engine/connector.h"
#include "engine/context.h"

namespace ingestr::database {

// Thread-safe as long as nobody changes it.
class PostgresServer {
 public:
  // Asks nobody. Throws what parse_address() throws, and Error(usage) for a parameter that cannot be what it is.
  PostgresServer(const Uri& uri, const Context& context);

  // "shop on 127.0.0.1:5432"; no secret.
  std::string shown() const { return address_.shown(); }

  // All that libpq wants to know, in its own form of key='value'; with the password.
  std::string connection_text() const;

  enum class Mode { read_only, read_write };
  // Statements that make the database a catalog of the embedded engine; harmless when it is that already. They hold the
  // password and are never shown.
  std::vector<std::string> attach(std::string_view catalog, Mode mode) const;

  // What went wrong in attach() or in connecting with connection_text(), in one sentence.
  Error connect_failure(const Error& error) const;

  // What sessions are to be like (database/postgres_settings.h) is asked for as they begin, which alone reaches those that the engine
  // opens. Poolers refuse that in these words, unless they are told to leave it out (PgBouncer's ignore_startup_parameters).
  static bool is_refusal_of_options(std::string_view words);
  // From now on sessions begin as the server lets them.
  void ask_for_no_options() { options_.clear(); }
  // From now on sessions begin without the limit of the time between two statements, which servers have since PostgreSQL 14.
  void ask_for_patience() { options_ += " -c idle_session_timeout=0"; }
  // Of a session that did not get what it asked for.
  Error unmet(const UnmetSetting& setting) const;

 private:
  std::string parameters() const;

  Address address_;
  std::string parameters_;  // of the URI, as libpq takes them
  std::string users_options_;  // of the URI, likewise
  std::string options_;        // as libpq calls them: settings of a session, and ours
};

// Schemes, title, example and parameters, for a source and a destination to add how it is opened.
Connector describe_postgres();

}  // namespace ingestr::database
