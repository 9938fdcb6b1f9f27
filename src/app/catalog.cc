#include "app/catalog.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "base/error.h"
#include "base/version.h"
#include "destinations/database/mysql.h"
#include "destinations/database/postgres.h"
#include "destinations/database/sqlite.h"
#include "destinations/duckdb/duckdb.h"
#include "destinations/files/file_destination.h"
#include "sources/attio/attio.h"
#include "sources/database/duckdb.h"
#include "sources/database/mysql.h"
#include "sources/database/postgres.h"
#include "sources/database/sqlite.h"
#include "sources/files/connectors.h"

namespace ingestr {
namespace {

enum class Role { source, destination };

std::string_view to_string(Role role) {
  return role == Role::source ? "source" : "destination";
}

bool can_be(const Connector& connector, Role role) {
  return role == Role::source ? static_cast<bool>(connector.open_source)
                              : static_cast<bool>(connector.open_destination);
}

bool has_scheme(const Connector& connector, std::string_view scheme) {
  return std::find(connector.schemes.begin(), connector.schemes.end(), scheme) !=
         connector.schemes.end();
}

// Only what a scheme may consist of is repeated: what a user put in its place may be a key.
bool is_plain_scheme(std::string_view scheme) {
  return scheme.size() <= 24 &&
         scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") ==
             std::string_view::npos;
}

const Connector& find(const std::vector<Connector>& connectors, Role role, const Uri& uri) {
  std::vector<std::string> known;
  const Connector* other_role = nullptr;
  for (const Connector& connector : connectors) {
    if (can_be(connector, role)) {
      if (has_scheme(connector, uri.scheme)) return connector;
      known.insert(known.end(), connector.schemes.begin(), connector.schemes.end());
    } else if (has_scheme(connector, uri.scheme)) {
      other_role = &connector;
    }
  }
  const std::string rest =
      fmt::format("known {}s: {}; `ingestr example-uris` shows an example of each", to_string(role),
                  fmt::join(known, ", "));
  if (other_role != nullptr) {
    throw Error(ErrorKind::usage, fmt::format("{} cannot be a {} in version {}; {}",
                                              other_role->title, to_string(role), kVersion, rest));
  }
  const std::string name = is_plain_scheme(uri.scheme) ? fmt::format(" \"{}\"{}", uri.scheme,
                                                                  did_you_mean(uri.scheme, known))
                                                    : "";
  throw Error(ErrorKind::usage,
              fmt::format("unknown {} scheme{}; {}", to_string(role), name, rest));
}

// What is called the same as a source and as a destination.
Connector both(Connector source, const Connector& destination) {
  source.open_destination = destination.open_destination;
  source.check_load = destination.check_load;
  return source;
}

// The example with another scheme of the same connector in front.
std::string example_for(const Connector& connector, const std::string& scheme) {
  const size_t colon = connector.example_uri.find("://");
  return colon == std::string::npos ? connector.example_uri
                                    : scheme + connector.example_uri.substr(colon);
}

std::string examples(const std::vector<Connector>& connectors, Role role) {
  std::string text;
  for (const Connector& connector : connectors) {
    if (!can_be(connector, role)) continue;
    for (const std::string& scheme : connector.schemes) {
      text += fmt::format("  {:<11} {}\n", scheme, example_for(connector, scheme));
    }
  }
  return text;
}

// What is only one of both, where another connector of that name is the other.
std::string role_of(const std::vector<Connector>& connectors, const Connector& connector) {
  const auto is_other = [&](Role role) {
    return can_be(connector, role) ? false : std::ranges::any_of(connectors, [&](const Connector& other) {
      return can_be(other, role) && has_scheme(other, connector.schemes.front());
    });
  };
  if (is_other(Role::destination)) return " as a source";
  return is_other(Role::source) ? " as a destination" : "";
}

std::string remarks(const Parameter& parameter) {
  std::string text;
  const auto remark = [&](const std::string& words) { text += (text.empty() ? "" : ", ") + words; };
  if (parameter.required) remark("required");
  if (parameter.secret) remark("secret");
  if (!parameter.variable.empty()) remark("or the environment variable " + parameter.variable);
  if (!parameter.default_text.empty()) remark("default " + parameter.default_text);
  return text.empty() ? "" : fmt::format(" ({})", text);
}

}  // namespace

const Connector& Catalog::source(const Uri& uri) const {
  return find(connectors_, Role::source, uri);
}

const Connector& Catalog::destination(const Uri& uri) const {
  return find(connectors_, Role::destination, uri);
}

std::vector<std::string> Catalog::secret_parameters() const {
  std::vector<std::string> names;
  for (const Connector& connector : connectors_) {
    for (const Parameter& parameter : connector.parameters) {
      if (parameter.secret) names.push_back(parameter.name);
    }
  }
  return names;
}

std::vector<std::string> Catalog::secret_variables() const {
  std::vector<std::string> names;
  for (const Connector& connector : connectors_) {
    for (const Parameter& parameter : connector.parameters) {
      if (parameter.secret && !parameter.variable.empty()) names.push_back(parameter.variable);
    }
  }
  return names;
}

Catalog all_connectors() {
  std::vector<Connector> connectors = {
      attio_connector(),
      both(postgres_connector(), postgres_destination_connector()),
      both(mysql_connector(), mysql_destination_connector()),
      both(sqlite_connector(), sqlite_destination_connector(open_duckdb_file)),
      duckdb_source_connector(),
      duckdb_connector(),
  };
  for (Connector connector : file_connectors()) connectors.push_back(std::move(connector));
  for (Connector connector : file_destinations(connectors, open_duckdb_file)) connectors.push_back(std::move(connector));
  return Catalog(std::move(connectors));
}

std::string example_uris_text(const Catalog& catalog) {
  std::string text = "Sources:\n" + examples(catalog.all(), Role::source);
  text += "\nDestinations:\n" + examples(catalog.all(), Role::destination);
  for (const Connector& connector : catalog.all()) {
    if (connector.parameters.empty()) continue;
    text += fmt::format("\nParameters of {}://{}\n", connector.schemes.front(), role_of(catalog.all(), connector));
    for (const Parameter& parameter : connector.parameters) {
      text +=
          fmt::format("  {:<11} {}{}\n", parameter.name, parameter.description, remarks(parameter));
    }
  }
  return text;
}

}  // namespace ingestr
