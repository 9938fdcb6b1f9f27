#include "database/postgres_server.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "database/attach_secret.h"
#include "database/connect_failure.h"
#include "database/quoted_value.h"
#include "duck/extension.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

constexpr uint16_t kPostgresPort = 5432;

// Parameters of the URI that libpq takes as they are.
constexpr const char* kLibpqParameters[] = {"sslmode",          "sslrootcert",     "sslcert",    "sslkey",
                                            "application_name", "channel_binding", "gssencmode", "target_session_attrs"};

// What one of them may be; libpq would say so of each session, and not what else there is.
struct ParameterWords {
  const char* name;
  std::vector<std::string_view> words;
};

const std::vector<ParameterWords>& parameter_words() {
  static const std::vector<ParameterWords> kWords = {
      {"sslmode", {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}},
      {"channel_binding", {"disable", "prefer", "require"}},
      {"gssencmode", {"disable", "prefer", "require"}},
      {"target_session_attrs", {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"}},
  };
  return kWords;
}

std::string listed(const std::vector<std::string_view>& words) {
  return fmt::format("{} or {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

void check_words(const Uri& uri) {
  for (const ParameterWords& known : parameter_words()) {
    const auto word = uri.parameter(known.name);
    if (!word || std::ranges::find(known.words, *word) != known.words.end()) continue;
    throw Error(ErrorKind::usage, fmt::format("there is no {} \"{}\"; use {}", known.name, shorten(*word, 40), listed(known.words)));
  }
}

void add(std::string& text, std::string_view name, std::string_view value) {
  text += fmt::format(" {}={}", name, quoted_value(value, '\''));
}

std::string parameters_of(const Uri& uri) {
  check_words(uri);
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

PostgresServer::PostgresServer(const Uri& uri, const Context& context) : address_(address_of(uri, context)), parameters_(parameters_of(uri)), users_options_(uri.parameter("options").value_or("")), options_(session_options()) {}

std::string PostgresServer::parameters() const {
  std::string text = parameters_;
  // The last of two that set the same counts.
  add(text, "options", options_.empty() ? users_options_ : fmt::format("{} {} {}", session_limits(), users_options_, options_));
  // What is not named here would come from the environment, or from a service file: another host, or an encoding that is asked for after ours.
  add(text, "hostaddr", "");
  add(text, "client_encoding", "UTF8");
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
      {.name = "channel_binding", .description = "disable, prefer or require: that the server proves who it is by TLS", .default_text = "prefer"},
      {.name = "gssencmode", .description = "disable, prefer or require encryption by Kerberos", .default_text = "prefer"},
      {.name = "target_session_attrs", .description = "any, read-write, read-only, primary, standby or prefer-standby: what the server must be", .default_text = "any"},
      {.name = "options", .description = "settings of the session, as in `-c search_path=shop`; those that a load needs stay"},
      {.name = "host", .description = "the directory of the server's Unix socket, in a URI that names no host"},
  };
  return connector;
}

}  // namespace ingestr::database
