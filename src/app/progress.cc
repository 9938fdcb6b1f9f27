#include "app/progress.h"

#include <cmath>

#include <fmt/format.h>

#include "app/report.h"
#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

std::string counted(uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", group_digits(number), number == 1 ? one : many);
}

// The columns that the character beginning with `byte` takes; 0 for a byte that continues one.
size_t columns_of(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  if (value < 0x80) return 1;
  return value < 0xC0 ? 0 : 2;
}

}  // namespace

Meter::Meter(const Counters& counters, const Clock& clock, std::function<Usage()> usage)
    : counters_(counters),
      clock_(clock),
      usage_(std::move(usage)),
      start_(clock.steady()),
      cpu_seconds_before_(usage_().cpu_seconds) {}

Progress Meter::read() const {
  const Usage usage = usage_();
  Progress progress;
  progress.rows = counters_.rows;
  progress.batches = counters_.batches;
  progress.pages = counters_.pages;
  progress.requests = counters_.requests;
  progress.retries = counters_.retries;
  progress.duplicates = counters_.duplicates;
  progress.discarded_rows = counters_.discarded_rows;
  progress.discarded_values = counters_.discarded_values;
  progress.mended = counters_.mended;
  progress.rate_limits = counters_.rate_limits;
  progress.bytes = counters_.bytes;
  progress.seconds = std::chrono::duration<double>(clock_.steady() - start_).count();
  if (progress.seconds > 0) {
    progress.rows_per_second = static_cast<double>(progress.rows) / progress.seconds;
    progress.cpu_percent = (usage.cpu_seconds - cpu_seconds_before_) / progress.seconds * 100;
  }
  if (const double share = counters_.share; share >= 0) progress.percent = share * 100;
  progress.memory_bytes = usage.memory_bytes;
  progress.peak_memory_bytes = usage.peak_memory_bytes;
  return progress;
}

std::string progress_line(std::string_view table, const Progress& progress) {
  const std::string percent = progress.percent ? fmt::format("{:.0f} % | ", std::floor(*progress.percent)) : "";
  return fmt::format("{} | {}{} | {} | {} rows/s | {} | {} | {}", table, percent,
                     counted(progress.rows, "row", "rows"), human_bytes(progress.bytes),
                     group_digits(static_cast<uint64_t>(std::llround(progress.rows_per_second))),
                     counted(progress.requests, "request", "requests"),
                     counted(progress.retries, "retry", "retries"),
                     format_elapsed(progress.seconds));
}

std::string cut_to_columns(std::string_view text, size_t columns) {
  size_t all = 0;
  for (const char byte : text) all += columns_of(byte);
  if (all <= columns) return std::string(text);
  size_t taken = 0, bytes = 0;
  // The mark takes the last column.
  while (bytes < text.size() && taken + columns_of(text[bytes]) < columns) {
    taken += columns_of(text[bytes++]);
  }
  return std::string(text.substr(0, bytes)) + (columns > 0 ? "…" : "");
}

std::string format_elapsed(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds);
  const uint64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours == 0) return fmt::format("{}:{:02}", minutes, whole % 60);
  return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
}

ProgressThread::ProgressThread(Reporter& reporter, const Meter& meter, Clock& clock)
    : thread_([&reporter, &meter, &clock](std::stop_token stop) {
        try {
          for (;;) {
            clock.sleep_for(reporter.interval(), stop);
            reporter.progress(meter.read());
          }
        } catch (const std::exception&) {
          // The clock's way of saying that `stop` was requested; or there is no memory, and the run goes on without.
        }
      }) {}

}  // namespace ingestr
