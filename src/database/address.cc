#include "database/address.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"

namespace ingestr::database {
namespace {

uint16_t port_of(std::string_view text, std::string_view scheme) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("the port of the {}:// URI is no number from 1 to 65535; write user:password@host:port/database, "
                            "and a password with special characters percent-encoded",
                            scheme));
  }
  return port;
}

void require(const std::string& part, std::string_view name, std::string_view scheme) {
  if (!part.empty() && part.find('\0') == std::string::npos) return;
  throw Error(ErrorKind::usage,
              fmt::format("the {0}:// URI names no {1}; write {0}://user:password@host:port/database", scheme, name));
}

}  // namespace

std::string Address::shown() const {
  const bool is_ip6 = host.find(':') != std::string::npos;
  return fmt::format("{} on {}:{}", database, is_ip6 ? fmt::format("[{}]", host) : host, port);
}

Address parse_address(const Uri& uri, uint16_t default_port, const Context& context) {
  Address address;
  std::string_view rest = uri.rest;
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = rest.substr(0, at);
    const size_t colon = user.find(':');
    address.user = percent_decode(user.substr(0, colon));
    if (colon != std::string_view::npos) {
      address.password = percent_decode(user.substr(colon + 1));
      context.secrets.add(user.substr(colon + 1));
      context.secrets.add(address.password);
    }
    rest.remove_prefix(at + 1);
  }
  const size_t slash = rest.find('/');
  std::string_view host = rest.substr(0, slash);
  if (slash != std::string_view::npos) address.database = percent_decode(rest.substr(slash + 1));
  const size_t bracket = host.starts_with('[') ? host.find(']') : std::string_view::npos;
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.port = colon == std::string_view::npos ? default_port : port_of(host.substr(colon + 1), uri.scheme);
  host = host.substr(0, colon);
  address.host = bracket == std::string_view::npos ? percent_decode(host) : std::string(host.substr(1, bracket - 1));
  require(address.host, "host", uri.scheme);
  require(address.database, "database", uri.scheme);
  return address;
}

}  // namespace ingestr::database
