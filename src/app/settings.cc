#include "app/settings.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "app/flags.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/version.h"

namespace ingestr {
namespace {

constexpr size_t kShown = 40;

std::optional<bool> as_boolean(std::string_view text) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return equal_ignoring_case(text, word); });
  };
  if (is_one_of({"true", "1", "t", "yes", "y", "on"})) return true;
  if (is_one_of({"false", "0", "f", "no", "n", "off"})) return false;
  return std::nullopt;
}

std::optional<uint64_t> as_count(std::string_view text) {
  uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What happens anyway needs no flag, and is no reason to refuse one.
bool is_harmless(const Flag& flag, std::string_view value) {
  if (value.empty()) return true;
  if (flag.kind == FlagKind::toggle) return as_boolean(value) == false;
  const std::vector<std::string> harmless = split(flag.harmless, ' ');
  return std::find(harmless.begin(), harmless.end(), to_lower(value)) != harmless.end();
}

void check_required(const Settings& settings) {
  std::string flags, variables;
  for (const char* name : {"source-uri", "dest-uri", "source-table"}) {
    if (!settings.text(name).empty()) continue;
    const std::string comma = flags.empty() ? "" : ", ";
    flags += fmt::format("{}--{}", comma, name);
    variables += fmt::format("{}{}", comma, find_flag(name)->variable);
  }
  if (flags.empty()) return;
  throw Error(
      ErrorKind::usage,
      fmt::format("not given: {}; add what is missing, as a flag or in the environment ({}); "
                  "see `ingestr ingest --help`",
                  flags, variables));
}

// `make` applied to a flag's text; an Error names who set it.
template <class Make>
auto made_of(const Settings& settings, std::string_view flag, Make make) {
  const std::string text = settings.text(flag);
  return within(settings.origin(flag).value_or("--" + std::string(flag)),
                [&] { return make(text); });
}

std::optional<uint64_t> at_least_one(const Settings& settings, std::string_view flag) {
  const auto count = settings.count(flag);
  if (count == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("{} must be at least 1; leave it out for the source's own choice",
                            *settings.origin(flag)));
  }
  return count;
}

Strategy wanted_strategy(const Settings& settings) {
  // A full refresh of what is otherwise merged or appended: the strategy's name is for the other
  // runs.
  if (settings.toggle("full-refresh")) return Strategy::replace;
  return made_of(settings, "incremental-strategy", parse_strategy);
}

// A date is its first moment; without a zone it is UTC.
SystemTime parse_time(std::string_view text) {
  if (const auto days = parse_iso_date(text)) return SystemTime(std::chrono::days(*days));
  if (const auto time = parse_iso_timestamp(text)) {
    return SystemTime(std::chrono::microseconds(time->micros));
  }
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" is no date or time; write for example 2026-01-31, "
                          "2026-01-31T07:00:00 or 2026-01-31T07:00:00+01:00",
                          shorten(text, kShown)));
}

std::optional<SystemTime> wanted_time(const Settings& settings, std::string_view flag) {
  if (trim(settings.text(flag)).empty()) return std::nullopt;
  return made_of(settings, flag, [](std::string_view text) { return parse_time(trim(text)); });
}

void set_interval(Job& job, const Settings& settings) {
  job.interval_start = wanted_time(settings, "interval-start");
  job.interval_end = wanted_time(settings, "interval-end");
  if (!job.interval_start || !job.interval_end || *job.interval_start < *job.interval_end) return;
  throw Error(ErrorKind::usage,
              fmt::format("--interval-start must be earlier than --interval-end, but {} is not "
                          "earlier than {}",
                          format_iso(*job.interval_start), format_iso(*job.interval_end)));
}

// What a strategy cannot do without, and what means nothing to it.
void set_keys(Job& job, const Settings& settings) {
  job.primary_key = settings.list("primary-key");
  job.incremental_key = std::string(trim(settings.text("incremental-key")));
  job.incremental_predicate = std::string(trim(settings.text("incremental-predicate")));
  if (job.strategy == Strategy::merge && job.primary_key.empty()) {
    throw Error(ErrorKind::usage,
                "merge needs --primary-key: the column or columns that tell rows apart");
  }
  if (job.strategy == Strategy::delete_insert && job.incremental_key.empty()) {
    throw Error(ErrorKind::usage,
                "delete+insert needs --incremental-key: the column whose range is replaced");
  }
  const bool predicate_counts = job.strategy == Strategy::merge || settings.toggle("full-refresh");
  if (!job.incremental_predicate.empty() && !predicate_counts) {
    throw Error(ErrorKind::usage,
                fmt::format("{} is for the strategy merge; leave it out, or add "
                            "--incremental-strategy merge",
                            *settings.origin("incremental-predicate")));
  }
}

}  // namespace

Settings::Settings(const GivenFlags& given, const Environment& environment) {
  for (const Flag& flag : flags()) {
    const std::string name(flag.name);
    if (const auto found = given.find(name); found != given.end()) {
      settings_[name] = {"--" + name, found->second};
      continue;
    }
    for (const std::string& variable : variables_of(flag)) {
      if (const auto value = environment.get(variable)) {
        settings_[name] = {"the environment variable " + variable, {*value}};
        break;
      }
    }
  }
}

const Settings::Setting* Settings::find(std::string_view flag) const {
  if (find_flag(flag) == nullptr) {
    throw Error(ErrorKind::internal, fmt::format("--{} is not in the table of flags", flag));
  }
  const auto found = settings_.find(flag);
  return found == settings_.end() ? nullptr : &found->second;
}

std::optional<std::string> Settings::origin(std::string_view flag) const {
  const Setting* setting = find(flag);
  return setting == nullptr ? std::nullopt : std::optional(setting->origin);
}

std::string Settings::text(std::string_view flag) const {
  const Setting* setting = find(flag);
  if (setting == nullptr || setting->values.back().empty()) {
    return std::string(find_flag(flag)->default_text);
  }
  return setting->values.back();
}

std::optional<uint64_t> Settings::count(std::string_view flag) const {
  const std::string value = text(flag);
  if (value.empty()) return std::nullopt;
  const auto number = as_count(value);
  if (!number) {
    throw Error(ErrorKind::usage, fmt::format("{} must be a whole number such as 1000, not \"{}\"",
                                              *origin(flag), shorten(value, kShown)));
  }
  return number;
}

bool Settings::toggle(std::string_view flag) const {
  const std::string value = text(flag);
  const auto boolean = as_boolean(value);
  if (!boolean) {
    throw Error(ErrorKind::usage, fmt::format("{} must be true or false, not \"{}\"", *origin(flag),
                                              shorten(value, kShown)));
  }
  return *boolean;
}

std::vector<std::string> Settings::list(std::string_view flag) const {
  std::vector<std::string> items;
  const Setting* setting = find(flag);
  if (setting == nullptr) return items;
  for (const std::string& value : setting->values) {
    for (const std::string& part : split(value, ',')) {
      if (const std::string_view item = trim(part); !item.empty()) items.emplace_back(item);
    }
  }
  return items;
}

void refuse_unavailable(const Settings& settings) {
  for (const Flag& flag : flags()) {
    if (!flag.refused()) continue;
    const auto origin = settings.origin(flag.name);
    if (!origin) continue;
    const bool harmless = flag.kind == FlagKind::list ? settings.list(flag.name).empty()
                                                      : is_harmless(flag, settings.text(flag.name));
    if (harmless) continue;
    const std::string subject =
        origin->starts_with("--") ? *origin : fmt::format("--{}, set by {},", flag.name, *origin);
    throw Error(ErrorKind::unsupported,
                fmt::format("{} is not available in version {}: {}", subject, kVersion, flag.help));
  }
}

Job make_job(const Settings& settings) {
  refuse_unavailable(settings);
  check_required(settings);
  Job job;
  job.source = made_of(settings, "source-uri", parse_uri);
  job.source_table = settings.text("source-table");
  job.destination = made_of(settings, "dest-uri", parse_uri);
  // Named like the source table it is one literal name: `records:v1.2` is no table in a schema.
  job.dest_table = settings.text("dest-table").empty()
                       ? TableName{"", job.source_table}
                       : made_of(settings, "dest-table", parse_table_name);
  job.strategy = wanted_strategy(settings);
  set_keys(job, settings);
  set_interval(job, settings);
  job.source_options.page_size = at_least_one(settings, "page-size");
  job.source_options.parallelism = at_least_one(settings, "extract-parallelism");
  const uint64_t limit = settings.count("sql-limit").value_or(0);
  if (limit > 0) job.row_limit = limit;
  job.exclude_columns = settings.list("sql-exclude-columns");
  job.load_timestamp = !settings.toggle("no-load-timestamp");
  settings.toggle("yes");  // checked, and not needed: nothing asks
  return job;
}

}  // namespace ingestr
