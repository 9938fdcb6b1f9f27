#include "engine/remote_place.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "duck/text.h"
#include "http/azure_signature.h"
#include "http/proxy.h"

namespace ingestr {
namespace {

using Values = std::function<std::string(std::string_view parameter)>;

// What the statements of an engine are made of.
struct Asking {
  Values value;
  const Environment& environment;
  std::string_view name, scope;  // of the secret
};

// A server that does not answer is given up after some 40 s.
constexpr std::string_view kPatience = "SET http_timeout = 10";
constexpr std::string_view kRetries = "SET http_retries = 2";
// Of certificates that the system does not know, here as in src/http/curl.cc.
constexpr const char* kCertificates = "SSL_CERT_FILE";
// By itself Azure's client looks for certificates where Debian has none. Those of SSL_CERT_FILE it has from main().
constexpr std::string_view kAzureTransport = "SET azure_transport_option_type = 'curl'";
// Keys come from us, and names of objects mean nothing but themselves.
constexpr std::string_view kOwnKeys = "SET enable_global_s3_configuration = false";

Parameter parameter(std::string name, std::string description, std::string variable, std::string default_text = "") {
  return {.name = std::move(name),
          .description = std::move(description),
          .default_text = std::move(default_text),
          .variable = std::move(variable)};
}

Parameter secret(std::string name, std::string description, std::string variable) {
  Parameter made = parameter(std::move(name), std::move(description), std::move(variable));
  made.secret = true;
  return made;
}

std::string secret_sql(std::string_view name, std::string_view type, std::string_view scope,
                       const std::vector<std::pair<std::string, std::string>>& options) {
  std::string sql = fmt::format("CREATE OR REPLACE SECRET {} (TYPE {}, SCOPE {}", duck::quote_name(name), type, duck::quote_text(scope));
  for (const auto& [option, value] : options) {
    if (!value.empty()) sql += fmt::format(", {} {}", option, duck::quote_text(value));
  }
  return sql + ")";
}

void need_both(const Values& value, std::string_view one, std::string_view other) {
  if (value(one).empty() == value(other).empty()) return;
  throw Error(ErrorKind::usage, fmt::format("{} goes with {}; give both, or neither for what everybody may read", one, other));
}

// Keys and tokens have no spaces: one comes of a + that the URI has as it is. Those behind the ; of a connection string are some.
std::string with_pluses(std::string text) {
  char before = '\0';
  for (char& c : text) {
    if (c != ' ') {
      before = c;
    } else if (before != ';') {
      c = '+';
    }
  }
  return text;
}

// "http://127.0.0.1:9000" without a scheme is https.
struct Endpoint {
  std::string host;
  bool tls = true;
};

Endpoint endpoint_of(std::string text) {
  Endpoint endpoint;
  if (text.starts_with("http://")) endpoint.tls = false;
  if (const size_t mark = text.find("://"); mark != std::string::npos) text = text.substr(mark + 3);
  while (text.ends_with('/')) text.pop_back();
  endpoint.host = std::move(text);
  return endpoint;
}

// S3, and what speaks its language.
std::vector<std::string> s3_settings(const Asking& asking, std::string_view type) {
  const Values& value = asking.value;
  need_both(value, "access_key_id", "secret_access_key");
  std::vector<std::pair<std::string, std::string>> options = {{"KEY_ID", value("access_key_id")},
                                                              {"SECRET", value("secret_access_key")}};
  if (type == "s3") {
    options.emplace_back("SESSION_TOKEN", value("session_token"));
    options.emplace_back("REGION", value("region").empty() ? "us-east-1" : value("region"));
  }
  if (const Endpoint endpoint = endpoint_of(value("endpoint_url")); !endpoint.host.empty()) {
    options.emplace_back("ENDPOINT", endpoint.host);
    options.emplace_back("URL_STYLE", "path");
    options.emplace_back("USE_SSL", endpoint.tls ? "true" : "false");
  }
  return {std::string(kPatience), std::string(kRetries), std::string(kOwnKeys), secret_sql(asking.name, type, asking.scope, options)};
}

bool is_without_tls(std::string_view connection) {
  const std::string text = to_lower(connection);
  return contains(text, "blobendpoint=http://") || (contains(text, "defaultendpointsprotocol=http;") && !contains(text, "blobendpoint="));
}

// A proxy with a user, which Azure's client does not understand in the variables; without one it does.
std::vector<std::pair<std::string, std::string>> proxy_options(const Environment& environment, bool tls) {
  const std::string proxy = proxy_of(environment, tls);
  const size_t begin = proxy.find("://") == std::string::npos ? 0 : proxy.find("://") + 3;
  const size_t at = proxy.rfind('@');
  if (at == std::string::npos || at < begin) return {};
  const std::string user = proxy.substr(begin, at - begin);
  const size_t colon = std::min(user.find(':'), user.size());
  return {{"HTTP_PROXY", proxy.substr(0, begin) + proxy.substr(at + 1)},
          {"PROXY_USER_NAME", percent_decode(user.substr(0, colon))},
          {"PROXY_PASSWORD", percent_decode(std::string_view(user).substr(std::min(colon + 1, user.size())))}};
}

std::vector<std::string> azure_settings(const Asking& asking) {
  const Values& value = asking.value;
  std::string connection = value("connection_string");
  const std::string account = value("account_name");
  if (connection.empty() && account.empty()) {
    throw Error(ErrorKind::usage, "the URI has neither account_name nor connection_string; one of them says whose container it is");
  }
  if (connection.empty() && (!value("account_key").empty() || !value("sas_token").empty())) {
    const std::string endpoint = value("endpoint_url");
    connection = fmt::format("DefaultEndpointsProtocol={};AccountName={};", endpoint.starts_with("http://") ? "http" : "https", account);
    if (const std::string key = value("account_key"); !key.empty()) {
      check_azure_key(key);
      connection += fmt::format("AccountKey={};", key);
    }
    if (!value("sas_token").empty()) connection += fmt::format("SharedAccessSignature={};", value("sas_token"));
    connection += endpoint.empty() ? "EndpointSuffix=core.windows.net" : fmt::format("BlobEndpoint={}", endpoint);
  }
  auto options = proxy_options(asking.environment, !is_without_tls(connection));
  connection.empty() ? options.emplace_back("ACCOUNT_NAME", account) : options.emplace_back("CONNECTION_STRING", connection);
  return {std::string(kAzureTransport), secret_sql(asking.name, "azure", asking.scope, options)};
}

RemotePlace make_place(std::vector<std::string> schemes, std::string_view title, std::string_view engine_scheme,
                  std::vector<Parameter> parameters, std::optional<duck::Extension> extension,
                  std::function<std::vector<std::string>(const Asking&)> settings, std::vector<std::vector<std::string_view>> together = {}) {
  RemotePlace place{.schemes = std::move(schemes),
                    .title = title,
                    .engine_scheme = engine_scheme,
                    .parameters = std::move(parameters),
                    .together = std::move(together),
                    .extension = extension,
                    .settings = {}};
  place.settings = [settings = std::move(settings), parameters_of = place](const Uri& uri, std::string_view name, std::string_view scope,
                                                                          const Environment& environment, Secrets& secrets) {
    const auto value = [&](std::string_view parameter) { return value_of(parameters_of, parameter, uri, environment, secrets); };
    std::vector<std::string> statements = settings({value, environment, name, scope});
    const auto certificates = environment.get(kCertificates);
    if (certificates && parameters_of.extension == duck::Extension::httpfs) {
      statements.push_back(fmt::format("SET ca_cert_file = {}", duck::quote_text(*certificates)));
    }
    return statements;
  };
  return place;
}

RemotePlace web() {
  RemotePlace place = make_place({"https", "http"}, "a web server", "https", {}, duck::Extension::httpfs,
                            [](const Asking&) {
                              return std::vector<std::string>{std::string(kPatience), std::string(kRetries), std::string(kOwnKeys),
                                                              "SET allow_asterisks_in_http_paths = true"};
                            });
  place.has_patterns = place.takes_files = false;
  return place;
}

}  // namespace

std::vector<RemotePlace> remote_places() {
  return {
      web(),
      make_place({"s3"}, "S3", "s3",
            {secret("access_key_id", "the key's name", "AWS_ACCESS_KEY_ID"),
             secret("secret_access_key", "the key", "AWS_SECRET_ACCESS_KEY"),
             secret("session_token", "of a key that is lent", "AWS_SESSION_TOKEN"),
             parameter("region", "of the bucket", "AWS_REGION", "us-east-1"),
             parameter("endpoint_url", "of another store than Amazon's", "AWS_ENDPOINT_URL")},
            duck::Extension::httpfs,
            [](const Asking& asking) { return s3_settings(asking, "s3"); }, {{"access_key_id", "secret_access_key", "session_token"}}),
      make_place({"gs", "gcs"}, "Google Cloud Storage", "gs",
            {secret("access_key_id", "of an HMAC key", "GCS_ACCESS_KEY_ID"),
             secret("secret_access_key", "of the same", "GCS_SECRET_ACCESS_KEY"),
             parameter("endpoint_url", "of another store than Google's", "")},
            duck::Extension::httpfs,
            [](const Asking& asking) { return s3_settings(asking, "gcs"); }, {{"access_key_id", "secret_access_key"}}),
      make_place({"az", "azure", "adls", "adlsgen2", "azdatalake", "abfs", "abfss"}, "Azure Blob Storage", "az",
            {parameter("account_name", "the storage account", "AZURE_STORAGE_ACCOUNT"),
             secret("account_key", "its key", "AZURE_STORAGE_KEY"),
             secret("sas_token", "a shared access signature instead of it", "AZURE_STORAGE_SAS_TOKEN"),
             secret("connection_string", "all of it in one", "AZURE_STORAGE_CONNECTION_STRING"),
             parameter("endpoint_url", "of another store than Azure's", "")},
            duck::Extension::azure, azure_settings,
            {{"account_key", "sas_token", "connection_string"}, {"account_name", "connection_string"}, {"endpoint_url", "connection_string"}}),
      make_place({"sftp"}, "an SFTP server", "",
            {parameter("username", "where none stands in front of the host", "SFTP_USERNAME", "the user who runs ingestr"),
             secret("password", "where none stands in front of the host", "SFTP_PASSWORD"),
             parameter("identity_file", "a private key's file", "SFTP_IDENTITY_FILE", "the keys of the agent and of ~/.ssh, unless there is a password"),
             secret("passphrase", "of the private key", "SFTP_PASSPHRASE"),
             parameter("known_hosts", "the file that has the host's key", "SFTP_KNOWN_HOSTS", "~/.ssh/known_hosts"),
             parameter("host_fingerprint", "SHA256:… of the host's key, instead of that file", "SFTP_HOST_FINGERPRINT")},
            std::nullopt, [](const Asking&) { return std::vector<std::string>(); }),
  };
}

// No bucket has a : or an @ in its name; files may.
void check_no_keys(const RemotePlace& place, const Uri& uri) {
  if (percent_decode(uri.rest.substr(0, uri.rest.find('/'))).find_first_of(":@") == std::string::npos) return;
  std::vector<std::string> keys;
  for (const Parameter& parameter : place.parameters) {
    if (parameter.secret) keys.push_back(parameter.name);
  }
  throw Error(ErrorKind::usage, fmt::format("the {0}:// URI has a : or an @ where the bucket's name is; keys are its parameters {1}, as in "
                                            "{0}://bucket/x.csv?{2}=…",
                                            uri.scheme, fmt::join(keys, ", "), keys.front()));
}

std::vector<Parameter> kind_parameters() {
  return {{.name = "format", .description = "the kind of file", .default_text = "by the end of its name"},
          {.name = "file_format", .description = "the same"}};
}

std::string said_kind(const Uri& uri) {
  std::string said;
  for (const Parameter& parameter : kind_parameters()) {
    if (said.empty()) said = uri.parameter(parameter.name).value_or("");
  }
  return said;
}

namespace {

// Whether the URI has one that this one goes together with.
bool is_shut_out(const RemotePlace& place, std::string_view name, const Uri& uri) {
  return std::ranges::any_of(place.together, [&](const std::vector<std::string_view>& names) {
    return std::ranges::find(names, name) != names.end() &&
           std::ranges::any_of(names, [&](std::string_view other) { return !uri.parameter(other).value_or("").empty(); });
  });
}

}  // namespace

std::string value_of(const RemotePlace& place, std::string_view name, const Uri& uri, const Environment& environment,
                     Secrets& secrets) {
  const auto found = std::ranges::find(place.parameters, name, &Parameter::name);
  if (found == place.parameters.end()) return "";
  std::string value = uri.parameter(name).value_or("");
  if (found->secret && !place.speaks_sftp()) value = with_pluses(std::move(value));
  if (value.empty() && !found->variable.empty() && !is_shut_out(place, name, uri)) value = environment.get(found->variable).value_or("");
  if (found->secret) secrets.add(value);
  return value;
}

}  // namespace ingestr
