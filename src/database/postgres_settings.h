// What a session of PostgreSQL has to be like, so that text forms and names of types are the same whatever is set for the server, the
// database or the role; https://www.postgresql.org/docs/current/runtime-config-client.html says what each does.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ingestr::database {

// What libpq's parameter `options` takes.
std::string session_options();
// The same, of what a user may set otherwise: a load takes as long as it takes.
constexpr std::string_view session_limits() { return "-c statement_timeout=0"; }

// Values by name; one that a server does not know is not there.
using Settings = std::map<std::string, std::string, std::less<>>;

// A SELECT of name and value of all that count, and of `other`.
std::string settings_query(std::string_view other);

// The first that is not as it has to be.
struct UnmetSetting {
  std::string_view name;
  std::string_view wanted;
  std::string found;
};
std::optional<UnmetSetting> unmet_setting(const Settings& settings);

}  // namespace ingestr::database
