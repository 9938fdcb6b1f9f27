// Address: where a database server is and who asks it, as a URI says it: scheme://user:password@host:port/database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/uri.h"
#include "engine/context.h"

namespace ingestr::database {

struct Address {
  std::string user;
  std::string password;
  std::string host;
  uint16_t port = 0;
  std::string database;
  std::string socket{};  // the file of this machine by which it is reached; empty: by host and port

  // "shop on 127.0.0.1:5432", "shop on /run/mysqld/mysqld.sock": what people may see of it.
  std::string shown() const;
};

// Each part may be percent-encoded. Up to the last "@" all is user and password, so that most passwords do without. The
// password is made known to the context's secrets. Throws Error(usage) when host or database is missing or the port is none.
// `may_lack_host`: the host is then "localhost".
Address parse_address(const Uri& uri, uint16_t default_port, const Context& context, bool may_lack_host = false);

// The parameter `name` of a URI that names no host, or localhost: a path that begins with "/"; nothing: it is not given. Throws Error(usage) for
// what is no such path, and beside another host.
std::optional<std::string> socket_parameter(const Uri& uri, std::string_view name, const Address& address);

inline constexpr unsigned kConnectSeconds = 15;
// The parameter connect_timeout: seconds, 0 without end. Throws Error(usage) for what is no such number.
unsigned connect_seconds(const Uri& uri);

}  // namespace ingestr::database
