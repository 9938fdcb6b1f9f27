// PostgresServer: where a PostgreSQL database is and how it is reached, the same for reading and for writing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/uri.h"
#include "database/address.h"
#include "engine/connector.h"
#include "engine/context.h"

namespace ingestr::database {

// Never changes; thread-safe.
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

 private:
  Address address_;
  std::string parameters_;  // of the URI, and of the session, as libpq takes them
};

// Schemes, title, example and parameters, for a source and a destination to add how it is opened.
Connector describe_postgres();

}  // namespace ingestr::database
