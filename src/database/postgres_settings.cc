#include "database/postgres_settings.h"

#include <fmt/format.h>

namespace ingestr::database {
namespace {

bool is_itself(std::string_view wanted, std::string_view found) { return found == wanted; }
bool begins_with(std::string_view wanted, std::string_view found) { return found.starts_with(wanted); }
bool is_zone_of_no_offset(std::string_view, std::string_view found) { return found == "UTC" || found == "Etc/UTC" || found == "GMT"; }
bool is_positive(std::string_view, std::string_view found) { return !found.empty() && found != "0" && !found.starts_with('-'); }

struct SessionSetting {
  std::string_view name;
  std::string_view value;
  bool (*is_met)(std::string_view wanted, std::string_view found) = is_itself;
};

constexpr SessionSetting kSessionSettings[] = {
    {"client_encoding", "UTF8"},
    {"TimeZone", "UTC", is_zone_of_no_offset},
    {"DateStyle", "ISO", begins_with},
    {"IntervalStyle", "postgres"},
    {"bytea_output", "hex"},
    {"extra_float_digits", "1", is_positive},
    {"quote_all_identifiers", "off"},
    {"standard_conforming_strings", "on"},
    {"array_nulls", "on"},
    {"xmloption", "content"},
};

}  // namespace

std::string session_options() {
  std::string options;
  for (const SessionSetting& setting : kSessionSettings) options += fmt::format("-c {}={} ", setting.name, setting.value);
  return options + "-c idle_in_transaction_session_timeout=0";  // a transaction waits for another session
}

std::string settings_query(std::string_view other) {
  std::string names = fmt::format("'{}'", other);
  for (const SessionSetting& setting : kSessionSettings) names += fmt::format(", '{}'", setting.name);
  return fmt::format("SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ({})", names);
}

std::optional<UnmetSetting> unmet_setting(const Settings& settings) {
  for (const SessionSetting& setting : kSessionSettings) {
    const auto found = settings.find(setting.name);
    if (found != settings.end() && !setting.is_met(setting.value, found->second)) return UnmetSetting{setting.name, setting.value, found->second};
  }
  return std::nullopt;
}

}  // namespace ingestr::database
