#include "database/address.h"

#include <fmt/format.h>

#include <charconv>

#include "base/authority.h"
#include "base/error.h"
#include "base/text.h"

namespace ingestr::database {
namespace {

constexpr std::string_view kThisMachine = "localhost";
constexpr unsigned kMostSeconds = 1'000'000;  // libmariadb counts their thousandths
constexpr size_t kShownParameterBytes = 40;

void require(const std::string& part, std::string_view name, std::string_view scheme) {
  if (!part.empty() && part.find('\0') == std::string::npos) return;
  throw Error(ErrorKind::usage,
              fmt::format("the {0}:// URI names no {1}; write {0}://user:password@host:port/database", scheme, name));
}

}  // namespace

std::string Address::shown() const {
  return fmt::format("{} on {}", database, socket.empty() ? Authority{user, password, host, port}.server() : socket);
}

Address parse_address(const Uri& uri, uint16_t default_port, const Context& context, bool may_lack_host) {
  const size_t at = uri.rest.rfind('@');
  const size_t slash = uri.rest.find('/', at == std::string::npos ? 0 : at);
  const std::string form = fmt::format("{}://user:password@host:port/database", uri.scheme);
  std::string authority = uri.rest.substr(0, slash);
  const size_t host = at == std::string::npos ? 0 : at + 1;
  if (may_lack_host && (host == authority.size() || authority[host] == ':')) authority.insert(host, kThisMachine);
  const Authority server = parse_authority(authority, default_port, form, context.secrets);
  Address address{server.user, server.password, server.host, server.port, ""};
  if (slash != std::string::npos) address.database = percent_decode(std::string_view(uri.rest).substr(slash + 1));
  require(address.database, "database", uri.scheme);
  return address;
}

std::optional<std::string> socket_parameter(const Uri& uri, std::string_view name, const Address& address) {
  std::optional<std::string> path = uri.parameter(name);
  if (!path) return std::nullopt;
  if (!path->starts_with('/') || path->find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, fmt::format("the parameter {0} of the {1}:// URI is \"{2}\", which is no path that begins with /; write a host before "
                                              "the database, as in {1}://user:password@host:port/database",
                                              name, uri.scheme, shorten(*path, kShownParameterBytes)));
  }
  if (address.host != kThisMachine) {
    throw Error(ErrorKind::usage, fmt::format("the {}:// URI names the host {} and, by its parameter {}, a socket of this machine; leave one of them out",
                                              uri.scheme, address.host, name));
  }
  return path;
}

unsigned connect_seconds(const Uri& uri) {
  const std::optional<std::string> text = uri.parameter("connect_timeout");
  if (!text) return kConnectSeconds;
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error == std::errc() && end == text->data() + text->size() && seconds <= kMostSeconds) return seconds;
  throw Error(ErrorKind::usage, fmt::format("connect_timeout is \"{}\", which is no number of seconds; write a whole number such as {}, or 0 to wait "
                                            "without end",
                                            shorten(*text, kShownParameterBytes), kConnectSeconds));
}

}  // namespace ingestr::database
