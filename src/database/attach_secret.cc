#include "database/attach_secret.h"

#include <fmt/format.h>

#include "duck/text.h"

namespace ingestr::database {

std::string create_secret(std::string_view name, std::string_view type, const Address& address) {
  std::string sql = fmt::format("CREATE OR REPLACE TEMPORARY SECRET {} (TYPE {}, HOST {}, PORT {}, DATABASE {}", name, type,
                                duck::quote_text(address.host), address.port, duck::quote_text(address.database));
  if (!address.user.empty()) sql += fmt::format(", USER {}", duck::quote_text(address.user));
  if (type == "mysql" && !address.socket.empty()) sql += fmt::format(", SOCKET {}", duck::quote_text(address.socket));
  if (!address.password.empty()) sql += fmt::format(", PASSWORD {}", duck::quote_text(address.password));
  return sql + ")";
}

}  // namespace ingestr::database
