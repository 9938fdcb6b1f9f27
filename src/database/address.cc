#include "database/address.h"

#include <fmt/format.h>

#include "base/authority.h"
#include "base/error.h"

namespace ingestr::database {
namespace {

void require(const std::string& part, std::string_view name, std::string_view scheme) {
  if (!part.empty() && part.find('\0') == std::string::npos) return;
  throw Error(ErrorKind::usage,
              fmt::format("the {0}:// URI names no {1}; write {0}://user:password@host:port/database", scheme, name));
}

}  // namespace

std::string Address::shown() const {
  return fmt::format("{} on {}", database, Authority{user, password, host, port}.server());
}

Address parse_address(const Uri& uri, uint16_t default_port, const Context& context) {
  const size_t at = uri.rest.rfind('@');
  const size_t slash = uri.rest.find('/', at == std::string::npos ? 0 : at);
  const std::string form = fmt::format("{}://user:password@host:port/database", uri.scheme);
  const Authority server = parse_authority(std::string_view(uri.rest).substr(0, slash), default_port, form, context.secrets);
  Address address{server.user, server.password, server.host, server.port, ""};
  if (slash != std::string::npos) address.database = percent_decode(std::string_view(uri.rest).substr(slash + 1));
  require(address.database, "database", uri.scheme);
  return address;
}

}  // namespace ingestr::database
