#include "database/mysql_server.h"

#include <fmt/format.h>

#include "base/text.h"
#include "database/attach_secret.h"
#include "database/connect_failure.h"
#include "database/quoted_value.h"
#include "duck/extension.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

constexpr uint16_t kMysqlPort = 3306;

struct TlsName {
  std::string_view name;
  MysqlServer::Tls tls;
};

constexpr TlsName kTlsNames[] = {
    {"disabled", MysqlServer::Tls::disabled},   {"preferred", MysqlServer::Tls::preferred},
    {"required", MysqlServer::Tls::required},   {"verify_ca", MysqlServer::Tls::verify_ca},
    {"verify_identity", MysqlServer::Tls::verify_identity},
};

MysqlServer::Tls tls_of(std::string_view name) {
  for (const TlsName& known : kTlsNames) {
    if (equal_ignoring_case(name, known.name)) return known.tls;
  }
  throw Error(ErrorKind::usage, fmt::format("there is no ssl_mode \"{}\"; use disabled, preferred, required, verify_ca or "
                                            "verify_identity", shorten(name, 40)));
}

// Drivers ask for it by the URI; texts are read and written in utf8mb4 anyway.
void check_charset(const Uri& uri) {
  const auto charset = uri.parameter("charset");
  if (!charset || equal_ignoring_case(*charset, "utf8mb4") || equal_ignoring_case(*charset, "utf8")) return;
  throw Error(ErrorKind::usage, fmt::format("charset is \"{}\", and sessions are of utf8mb4 whatever tables have; write charset=utf8mb4, or leave it out",
                                            shorten(*charset, 40)));
}

Address address_of_mysql(const Uri& uri, const Context& context) {
  Address address = parse_address(uri, kMysqlPort, context, uri.parameter("unix_socket").has_value());
  address.socket = socket_parameter(uri, "unix_socket", address).value_or("");
  if (address.password.empty()) {  // where MySQL's own clients look then
    address.password = context.environment.get("MYSQL_PWD").value_or("");
    context.secrets.add(address.password);
  }
  return address;
}

}  // namespace

MysqlServer::MysqlServer(const Uri& uri, const Context& context)
    : address_(address_of_mysql(uri, context)), connect_seconds_(database::connect_seconds(uri)) {
  check_charset(uri);
  if (const auto mode = uri.parameter("ssl_mode")) tls_ = tls_of(*mode);
  certificates_ = {uri.parameter("ssl_ca"), uri.parameter("ssl_cert"), uri.parameter("ssl_key")};
  for (const char* name : {"ssl_mode", "ssl_ca", "ssl_cert", "ssl_key"}) {
    if (const auto value = uri.parameter(name)) {
      attach_text_ += fmt::format("{}{}={}", attach_text_.empty() ? "" : " ", name, quoted_value(*value, '"'));
    }
  }
}

std::vector<std::string> MysqlServer::attach(std::string_view catalog) const {
  return {duck::load_sql(duck::Extension::mysql),
          // A table that takes longer to read is no fault.
          "SET mysql_query_timeout_enabled = false",
          "SET mysql_session_time_zone = '+00:00'",
          "SET mysql_tinyint1_as_boolean = false",
          create_secret(catalog, "mysql", address_),
          fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE mysql, READ_ONLY, SECRET {})", duck::quote_text(attach_text_), catalog,
                      catalog)};
}

Error MysqlServer::connect_failure(const Error& error) const { return database::connect_failure("MySQL", shown(), error); }

std::string quote_mysql_name(std::string_view name) {
  std::string out = "`";
  for (const char c : name) out += c == '`' ? "``" : std::string(1, c);
  return out + "`";
}

std::string is_mysql_name(std::string_view column, std::string_view name) {
  const auto bytes = [](std::string_view text) {
    return fmt::format("CAST(IF(@@lower_case_table_names = 0, {0}, LOWER({0})) AS BINARY)", text);
  };
  // The server looks a table up by the first, and asks all of them for the second.
  return fmt::format("{} = {} AND {} = {}", column, name, bytes(column), bytes(name));
}

Connector describe_mysql() {
  Connector connector;
  connector.schemes = {"mysql", "mysql+pymysql", "mysql+mysqldb", "mysql+mysqlconnector", "mariadb"};
  connector.title = "MySQL";
  connector.example_uri = "mysql://user:password@host:3306/database?ssl_mode=required";
  connector.parameters = {
      {.name = "ssl_mode",
       .description = "disabled, preferred, required, verify_ca or verify_identity",
       .default_text = "preferred"},
      {.name = "ssl_ca", .description = "the file of the certificates that sign the server's"},
      {.name = "ssl_cert", .description = "the file of this client's certificate"},
      {.name = "ssl_key", .description = "the file of its key"},
      {.name = "connect_timeout", .description = "seconds to wait for the server, 0: without end", .default_text = "15"},
      {.name = "unix_socket", .description = "the file of the server's Unix socket, in a URI that names no host, or localhost"},
      {.name = "charset", .description = "utf8mb4 or utf8, which changes nothing: sessions are of utf8mb4", .default_text = "utf8mb4"},
  };
  return connector;
}

}  // namespace ingestr::database
