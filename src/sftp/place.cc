#include "sftp/place.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"

namespace ingestr::sftp {
namespace {

constexpr uint16_t kPort = 22;
constexpr std::string_view kForm = "sftp://user:password@host:port/path";
constexpr std::string_view kFingerprintPrefix = "SHA256:";

std::string system_user() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr ? "" : user->pw_name;
}

// As `ssh-keygen -l` prints it; a "+" in a URI reads as a blank.
std::string fingerprint(std::string_view said) {
  if (said.empty()) return "";
  if (said.starts_with(kFingerprintPrefix)) said.remove_prefix(kFingerprintPrefix.size());
  while (said.ends_with('=')) said.remove_suffix(1);
  constexpr size_t kBase64OfSha256 = 43;
  if (said.size() != kBase64OfSha256) {
    throw Error(ErrorKind::usage, "host_fingerprint is no SHA-256 fingerprint; write SHA256: and 43 characters, as `ssh-keygen -l -f` prints "
                                  "them for the host's public key");
  }
  std::string text = fmt::format("{}{}", kFingerprintPrefix, said);
  std::ranges::replace(text, ' ', '+');
  return text;
}

// "~/x" is below the home directory.
std::string at_home(std::string path, const std::string& home) {
  return path.starts_with("~/") && !home.empty() ? fmt::format("{}{}", home, path.substr(1)) : path;
}

// The same path, with what is no UTF-8 in it as a URI has it.
std::string utf8_of(std::string_view path) {
  std::string text;
  while (!path.empty()) {
    const size_t length = utf8_length(path);
    text += length == 0 ? percent_encode(path.substr(0, 1)) : std::string(path.substr(0, length));
    path.remove_prefix(std::max<size_t>(length, 1));
  }
  return text;
}

}  // namespace

Authority authority_of(const Uri& uri, Secrets& secrets) {
  const std::string_view rest = uri.rest;
  return parse_authority(rest.substr(0, rest.find('/')), kPort, kForm, secrets);
}

Place place_of(const RemotePlace& parameters, const Uri& uri, const Context& context) {
  const auto value = [&](std::string_view name) { return value_of(parameters, name, uri, context.environment, context.secrets); };
  Place place;
  const std::string_view rest = uri.rest;
  const size_t slash = rest.find('/');
  place.who = authority_of(uri, context.secrets);
  if (slash != std::string_view::npos) place.path = rest.substr(slash);
  if (place.who.password.empty()) place.who.password = value("password");
  if (place.who.user.empty()) place.who.user = value("username");
  if (place.who.user.empty()) place.who.user = system_user();
  if (place.who.user.empty()) throw Error(ErrorKind::usage, fmt::format("the sftp:// URI names no user; write {}", kForm));
  const std::string home = context.environment.get("HOME").value_or("");
  if (!home.empty()) place.ssh_directory = fmt::format("{}/.ssh", home);
  place.identity_file = at_home(value("identity_file"), home);
  place.passphrase = value("passphrase");
  place.known_hosts = at_home(value("known_hosts"), home);
  if (place.known_hosts.empty() && !home.empty()) place.known_hosts = fmt::format("{}/known_hosts", place.ssh_directory);
  place.host_fingerprint = fingerprint(value("host_fingerprint"));
  return place;
}

std::string server_path(std::string_view decoded) {
  if (decoded.starts_with("/~/")) decoded.remove_prefix(3);
  return std::string(decoded.empty() || decoded == "/~" ? "." : decoded);
}

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string shown(const Authority& who, std::string_view path_there) {
  const std::string path = utf8_of(path_there);
  std::string server = who.server();
  if (who.port == kPort) server.resize(server.rfind(':'));
  const bool is_relative = !path.starts_with('/');
  if (is_relative && (path.empty() || path == ".")) return fmt::format("sftp://{}/~/", server);
  return fmt::format("sftp://{}{}{}", server, is_relative ? "/~/" : "", path);
}

}  // namespace ingestr::sftp
