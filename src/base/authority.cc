#include "base/authority.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "base/uri.h"

namespace ingestr {
namespace {

uint16_t port_of(std::string_view text, std::string_view form) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("the port of the {0}:// URI is no number from 1 to 65535; write {1}, and a password with special characters "
                            "percent-encoded",
                            form.substr(0, form.find(':')), form.substr(form.find("//") + 2)));
  }
  return port;
}

}  // namespace

std::string Authority::server() const {
  const bool is_ip6 = host.find(':') != std::string::npos;
  return fmt::format("{}:{}", is_ip6 ? fmt::format("[{}]", host) : host, port);
}

Authority parse_authority(std::string_view text, uint16_t default_port, std::string_view form, Secrets& secrets) {
  Authority authority;
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    const size_t colon = user.find(':');
    authority.user = percent_decode(user.substr(0, colon));
    if (colon != std::string_view::npos) {
      authority.password = percent_decode(user.substr(colon + 1));
      secrets.add(user.substr(colon + 1));
      secrets.add(authority.password);
    }
    text.remove_prefix(at + 1);
  }
  const size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  const size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  authority.port = colon == std::string_view::npos ? default_port : port_of(text.substr(colon + 1), form);
  text = text.substr(0, colon);
  authority.host = bracket == std::string_view::npos ? percent_decode(text) : std::string(text.substr(1, bracket - 1));
  if (authority.host.empty() || authority.host.find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, fmt::format("the {}:// URI names no host; write {}", form.substr(0, form.find(':')), form));
  }
  return authority;
}

}  // namespace ingestr
