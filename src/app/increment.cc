#include "app/increment.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/keys.h"

namespace ingestr {
namespace {

constexpr size_t kShownTimeBytes = 40;

// A full refresh of what is otherwise merged or appended is a replace: the strategy's name is for
// the other runs. That of a history begins it anew.
Strategy wanted_strategy(const Settings& settings) {
  const Strategy strategy = made_of(settings, "incremental-strategy", parse_strategy);
  const bool replaces = settings.toggle("full-refresh") && strategy != Strategy::scd2;
  return replaces ? Strategy::replace : strategy;
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
                          shorten(text, kShownTimeBytes)));
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
  job.primary_key = settings.names("primary-key");
  job.incremental_key = std::string(trim(settings.text("incremental-key")));
  job.incremental_predicate = std::string(trim(settings.text("incremental-predicate")));
  if (job.strategy == Strategy::delete_insert) {
    require_keys(job.strategy, job.primary_key, job.incremental_key);
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

void set_increment(Job& job, const Settings& settings) {
  job.strategy = wanted_strategy(settings);
  job.fresh = settings.toggle("full-refresh");
  job.contract = made_of(settings, "schema-contract", [](const std::string& name) {
    return name.empty() ? Contract::evolve : parse_contract(name);
  });
  job.allow_empty = settings.toggle("allow-empty");
  set_keys(job, settings);
  set_interval(job, settings);
}

}  // namespace ingestr
