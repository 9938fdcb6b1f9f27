#include "app/text_report.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/summary.h"
#include "base/text.h"
#include "base/time.h"

namespace ingestr {
namespace {

constexpr std::string_view kToLineStart = "\r";
constexpr std::string_view kClearToLineEnd = "\x1b[K";

std::string_view label_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "DEBUG";
    case LogLevel::info:
      return "INFO";
    case LogLevel::warning:
      return "WARNING";
  }
  return "INFO";
}

std::string or_none(std::string_view text) {
  return text.empty() ? "None" : std::string(text);
}

}  // namespace

std::chrono::milliseconds TextReporter::interval() const {
  return std::chrono::milliseconds(style_.interactive ? 200 : 3000);
}

void TextReporter::start(const RunFacts& facts) {
  const std::lock_guard lock(mutex_);
  const auto show = [&](std::string_view text) { return presentable(text, services_.secrets); };
  table_ = show(facts.destination_table);
  started_ = true;
  dry_run_ = facts.dry_run;
  out() << "Initiated the pipeline with the following:\n"
        << fmt::format("  Source: {} / {}\n", facts.source_type, show(facts.source_table))
        << fmt::format("  Destination: {} / {}\n", facts.destination_type, table_)
        << fmt::format("  Incremental Strategy: {}\n", facts.strategy)
        << fmt::format("  Incremental Key: {}\n", or_none(facts.incremental_key))
        << fmt::format("  Primary Key: {}\n",
                       or_none(fmt::format("{}", fmt::join(facts.primary_key, ", "))));
  if (!facts.schema_naming.empty()) out() << fmt::format("  Schema naming: {}\n", facts.schema_naming);
  out() << std::endl;
}

void TextReporter::plan(const TableFacts& table, const Plan& plan) {
  const std::lock_guard lock(mutex_);
  const auto show = [&](std::string_view text) { return presentable(text, services_.secrets); };
  out() << fmt::format("Plan for {} -> {}\n", show(table.source), show(table.destination));
  for (const std::string& line : split(to_text(plan), '\n')) {
    if (!line.empty()) out() << "  " << show(line) << "\n";
  }
  out() << std::endl;
}

void TextReporter::progress(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  if (!started_) return;
  if (style_.interactive) return draw(progress);
  if (style_.quiet) return;
  const std::string percent = progress.percent ? fmt::format(" ({:.0f} %)", std::floor(*progress.percent)) : "";
  print("PROGRESS",
        fmt::format("Rows: {}{} | Batches: {} | Rate: {:.0f} rows/s | Received: {} | Requests: {} | "
                    "Retries: {} | Elapsed: {} | CPU: {:.1f}% | Mem: {}",
                    group_digits(progress.rows), percent, group_digits(progress.batches),
                    progress.rows_per_second, human_bytes(progress.bytes),
                    group_digits(progress.requests), group_digits(progress.retries),
                    format_elapsed(progress.seconds), progress.cpu_percent,
                    human_bytes(progress.memory_bytes)));
}

void TextReporter::table_start(const TableFacts& table) {
  const std::lock_guard lock(mutex_);
  table_ = fmt::format("{}/{} {}", table.number, table.of,
                       presentable(table.destination, services_.secrets));
  table_count_ = table.of;
}

void TextReporter::table_end(const TableFacts& table, const TableOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  erase();
  if (dry_run_) return print_table_error(table, outcome, services_);
  const std::string state = outcome.interrupted ? "interrupted"
                            : outcome.failure   ? "failed"
                                                : "loaded";
  if (!style_.quiet) {
    print("TABLE", fmt::format("{} -> {} | {} | Rows: {} | Seconds: {:.2f}", table.source,
                               table.destination, state, group_digits(outcome.rows),
                               outcome.seconds));
  }
  tables_.push_back({presentable(table.source, services_.secrets),
                     presentable(table.destination, services_.secrets), outcome.rows,
                     outcome.seconds, state});
  print_table_error(table, outcome, services_);
}

void TextReporter::log(LogLevel level, std::string_view message) {
  const std::lock_guard lock(mutex_);
  erase();
  print(label_of(level), message);
}

void TextReporter::end(const Progress& progress, const std::optional<Failure>& failure) {
  const std::lock_guard lock(mutex_);
  erase();
  if (!std::exchange(started_, false)) return;  // a run that ends by force has threads that go on
  if (dry_run_) {
    if (!failure) out() << kNothingChanged << std::endl;
    return;
  }
  if (!tables_.empty()) out() << tables_text(tables_, table_count_, progress.seconds) << "\n";
  out() << summary_text(progress);
  if (!failure) {
    const std::string_view text = "Ingestion completed successfully!";
    out() << "\n"
          << (style_.colors ? fmt::format("\x1b[32m{}\x1b[0m", text) : std::string(text)) << "\n";
  }
  out().flush();
}

void TextReporter::print(std::string_view label, std::string_view message) {
  const std::string time = format_iso(services_.clock.now()).substr(11, 8);
  out() << fmt::format("[{}] {} | {}", label, time, presentable(message, services_.secrets))
        << std::endl;
}

void TextReporter::draw(const Progress& progress) {
  // One column stays free: some terminals wrap when the last one is used.
  const size_t columns = services_.output.columns();
  const std::string line =
      cut_to_columns(progress_line(table_, progress), columns > 0 ? columns - 1 : 0);
  out() << kToLineStart << line << kClearToLineEnd << std::flush;
  drawn_ = true;
}

void TextReporter::erase() {
  if (drawn_) out() << kToLineStart << kClearToLineEnd << std::flush;
  drawn_ = false;
}

}  // namespace ingestr
