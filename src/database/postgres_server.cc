#include "database/postgres_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "database/connect_failure.h"
#include "duck/extension.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

constexpr uint16_t kPostgresPort = 5432;

// Parameters of the URI that libpq takes as they are.
constexpr const char* kLibpqParameters[] = {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name"};

constexpr std::string_view kTlsModes[] = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};

void check_tls_mode(const Uri& uri) {
  const auto mode = uri.parameter("sslmode");
  if (!mode || std::ranges::find(kTlsModes, *mode) != std::end(kTlsModes)) return;
  throw Error(ErrorKind::usage, fmt::format("there is no sslmode \"{}\"; use disable, allow, prefer, require, verify-ca or verify-full", shorten(*mode, 40)));
}

void add(std::string& text, std::string_view name, std::string_view value) {
  text += fmt::format(" {}='", name);
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  text += '\'';
}

std::string parameters_of(const Uri& uri) {
  check_tls_mode(uri);
  std::string text;
  for (const char* name : kLibpqParameters) {
    if (const auto value = uri.parameter(name)) add(text, name, *value);
  }
  add(text, "connect_timeout", std::to_string(connect_seconds(uri)));
  if (!uri.parameter("application_name")) add(text, "application_name", "ingestr");
  return text;
}

// To libpq a host that begins with "/" is the directory of a socket.
Address address_of(const Uri& uri, const Context& context) {
  Address address = parse_address(uri, kPostgresPort, context, uri.parameter("host").has_value());
  if (const auto directory = socket_parameter(uri, "host", address)) address.host = *directory;
  if (address.host.starts_with('/')) address.socket = fmt::format("{}/.s.PGSQL.{}", address.host, address.port);
  return address;
}

}  // namespace

PostgresServer::PostgresServer(const Uri& uri, const Context& context) : address_(address_of(uri, context)), parameters_(parameters_of(uri)), options_(session_options()) {}

std::string PostgresServer::parameters() const {
  std::string text = parameters_;
  if (!options_.empty()) add(text, "options", options_);
  return text;
}

std::string PostgresServer::connection_text() const {
  std::string text = parameters();
  add(text, "host", address_.host);
  add(text, "port", std::to_string(address_.port));
  add(text, "dbname", address_.database);
  if (!address_.user.empty()) add(text, "user", address_.user);
  if (!address_.password.empty()) add(text, "password", address_.password);
  return text;
}

std::vector<std::string> PostgresServer::attach(std::string_view catalog, Mode mode) const {
  return {duck::load_sql(duck::Extension::postgres), create_secret(catalog, "postgres", address_),
          fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE postgres{}, SECRET {})", duck::quote_text(parameters()), catalog,
                      mode == Mode::read_only ? ", READ_ONLY" : "", catalog)};
}

Error PostgresServer::connect_failure(const Error& error) const {
  return database::connect_failure("PostgreSQL", shown(), error);
}

bool PostgresServer::is_refusal_of_options(std::string_view words) { return words.find("unsupported startup parameter") != std::string_view::npos; }

Error PostgresServer::unmet(const UnmetSetting& setting) const {
  return Error(ErrorKind::unsupported,
               fmt::format("PostgreSQL ({}): sessions begin with {} {} instead of {}, and the pooler in between hands no setting on; give the "
                           "address of the server itself, or run ALTER ROLE {} SET {} = '{}' there",
                           shown(), setting.name, shorten(setting.found, 40), setting.wanted, duck::quote_name(address_.user), setting.name,
                           setting.wanted));
}

Connector describe_postgres() {
  Connector connector;
  connector.schemes = {"postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg", "pg"};
  connector.title = "PostgreSQL";
  connector.example_uri = "postgres://user:password@host:5432/database?sslmode=require";
  connector.parameters = {
      {.name = "sslmode", .description = "disable, allow, prefer, require, verify-ca or verify-full", .default_text = "prefer"},
      {.name = "sslrootcert", .description = "the file of the certificates that sign the server's"},
      {.name = "sslcert", .description = "the file of this client's certificate"},
      {.name = "sslkey", .description = "the file of its key"},
      {.name = "connect_timeout", .description = "seconds to wait for the server, 0: without end", .default_text = "15"},
      {.name = "application_name", .description = "what the server's logs call this program", .default_text = "ingestr"},
      {.name = "host", .description = "the directory of the server's Unix socket, in a URI that names no host"},
  };
  return connector;
}

}  // namespace ingestr::database
