#include "app/json_report.h"

#include <utility>

#include <fmt/format.h>

#include "base/time.h"

namespace ingestr {
namespace {

double megabytes(uint64_t bytes) {
  return static_cast<double>(bytes) / 1e6;
}

void add_counters(JsonLine& line, const Progress& progress) {
  line.add("pages", progress.pages)
      .add("requests", progress.requests)
      .add("retries", progress.retries)
      .add("duplicates", progress.duplicates)
      .add("mended", progress.mended)
      .add("rate_limits", progress.rate_limits)
      .add("bytes", progress.bytes);
}

}  // namespace

void JsonReporter::start(const RunFacts& facts) {
  dry_run_ = facts.dry_run;
  // Secrets are replaced in the values, before quotes and backslashes in them are escaped.
  const auto show = [&](std::string_view text) { return services_.secrets.redact(text); };
  JsonLine line = event("info", "Ingestion started", "start");
  line.add("source_type", facts.source_type)
      .add("dest_type", facts.destination_type)
      .add("source_table", show(facts.source_table))
      .add("dest_table", show(facts.destination_table))
      .add("strategy", facts.strategy);
  if (!facts.incremental_key.empty()) line.add("incremental_key", facts.incremental_key);
  if (!facts.primary_key.empty()) line.add("primary_key", facts.primary_key);
  if (!facts.schema_naming.empty()) line.add("schema_naming", facts.schema_naming);
  print(line);
}

void JsonReporter::plan(const TableFacts& table, const Plan& plan) {
  const auto show = [&](std::string_view text) { return services_.secrets.redact(text); };
  const auto texts = [&](const std::vector<Step>& steps) {
    std::vector<std::string> lines;
    for (const Step& step : steps) lines.push_back(show(to_text(step)));
    return lines;
  };
  JsonLine line = event("info", "Plan", "plan");
  line.add("name", show(table.source))
      .add("dest", show(table.destination))
      .add("before", texts(plan.before))
      .add("landing", show(to_string(plan.landing)))
      .add("after", texts(plan.after));
  print(line);
}

void JsonReporter::progress(const Progress& progress) {
  JsonLine line = event("info", "Progress", "progress");
  line.add("rows", progress.rows)
      .add("batches", progress.batches)
      .add("rows_per_sec", progress.rows_per_second)
      .add("elapsed_sec", progress.seconds)
      .add("cpu_percent", progress.cpu_percent)
      .add("mem_mb", megabytes(progress.memory_bytes));
  if (progress.percent) line.add("percent", *progress.percent);
  add_counters(line, progress);
  print(line);
}

void JsonReporter::log(LogLevel level, std::string_view message) {
  switch (level) {
    case LogLevel::debug: {
      const std::lock_guard lock(mutex_);
      services_.output.err << fmt::format("[DEBUG] {} | {}", format_iso(services_.clock.now()),
                                          presentable(message, services_.secrets))
                           << std::endl;
      return;
    }
    case LogLevel::info:
      return print(event("info", message, "log"));
    case LogLevel::warning:
      return print(event("warn", message, "log"));
  }
}

void JsonReporter::table_end(const TableFacts& table, const TableOutcome& outcome) {
  const auto show = [&](std::string_view text) { return services_.secrets.redact(text); };
  JsonLine line = outcome.failure ? event("error", "Table failed", "table")
                                  : event("info", "Table loaded", "table");
  line.add("name", show(table.source))
      .add("dest", show(table.destination))
      .add("rows", outcome.rows)
      .add("duration_sec", outcome.seconds)
      .add("status", outcome.failure ? "error" : "success");
  add_error(line, outcome.failure);
  print(line);
  print_table_error(table, outcome, services_);
}

void JsonReporter::end(const Progress& progress, const std::optional<Failure>& failure) {
  JsonLine line = failure    ? event("error", "Ingestion failed", "end")
                  : dry_run_ ? event("info", kNothingChanged, "end")
                             : event("info", "Ingestion completed successfully!", "end");
  line.add("status", failure ? "error" : "success")
      .add("rows", progress.rows)
      .add("batches", progress.batches)
      .add("duration_sec", progress.seconds);
  add_error(line, failure);
  add_counters(line, progress);
  line.add("discarded_rows", progress.discarded_rows)
      .add("discarded_values", progress.discarded_values)
      .add("rows_per_sec", progress.rows_per_second)
      .add("peak_mem_mb", megabytes(progress.peak_memory_bytes));
  print(line, true);
}

void JsonReporter::add_error(JsonLine& line, const std::optional<Failure>& failure) const {
  if (!failure) {
    line.add_null("error");
    return;
  }
  line.add("error", presentable(failure->text, services_.secrets))
      .add("error_kind", to_string(failure->kind));
}

JsonLine JsonReporter::event(std::string_view level, std::string_view message,
                             std::string_view name) const {
  JsonLine line;
  line.add("ts", format_iso(services_.clock.now()))
      .add("level", level)
      .add("msg", services_.secrets.redact(message))
      .add("event", name);
  return line;
}

void JsonReporter::print(const JsonLine& line, bool is_last) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(ended_, ended_ || is_last)) return;
  services_.output.out << line.text() << std::endl;
}

}  // namespace ingestr
