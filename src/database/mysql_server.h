// MysqlServer: where a MySQL or MariaDB database is and how it is reached, the same for reading and for writing.
#pragma once

#include <optional>
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
class MysqlServer {
 public:
  enum class Tls { disabled, preferred, required, verify_ca, verify_identity };

  // Files; nothing: none.
  struct Certificates {
    std::optional<std::string> authority;  // those that sign the server's
    std::optional<std::string> own;
    std::optional<std::string> key;
  };

  // Asks nobody. Throws what parse_address() throws, and Error(usage) for a parameter that cannot be what it is.
  MysqlServer(const Uri& uri, const Context& context);

  // "shop on 127.0.0.1:3306"; no secret.
  std::string shown() const { return address_.shown(); }
  const Address& address() const { return address_; }
  Tls tls() const { return tls_; }
  const Certificates& certificates() const { return certificates_; }
  // To wait for it; 0: without end.
  unsigned connect_seconds() const { return connect_seconds_; }

  // Statements that make the database a catalog of the embedded engine, for reading; harmless when it is that already. They hold
  // the password and are never shown.
  std::vector<std::string> attach(std::string_view catalog) const;

  // What went wrong in attach() or in connecting otherwise, in one sentence.
  Error connect_failure(const Error& error) const;

 private:
  Address address_;
  Tls tls_ = Tls::preferred;
  Certificates certificates_;
  unsigned connect_seconds_ = kConnectSeconds;
  std::string attach_text_;  // parameters of the URI, as DuckDB's extension takes them
};

// A name in quotes: `a``b`
std::string quote_mysql_name(std::string_view name);

// A condition: a column of information_schema has the name that an expression gives. Its own collation ignores case and accents, by which
// names differ: case where lower_case_table_names is 0, accents always.
std::string is_mysql_name(std::string_view column, std::string_view name);

// Schemes, title, example and parameters, for a source and a destination to add how it is opened.
Connector describe_mysql();

}  // namespace ingestr::database
