// A run told in JSON, one object a line, for programs.
#pragma once

#include <mutex>
#include <string>

#include "app/json_line.h"
#include "app/report.h"

namespace ingestr {

// Prints nothing else to stdout. Every object has `ts` (UTC), `level` (info, warn, error), `msg`
// and `event`:
//   start     source_type, dest_type, source_table, dest_table, strategy, incremental_key and
//             primary_key if there are any
//   progress  each second: rows, batches, rows_per_sec, elapsed_sec, cpu_percent, mem_mb; ours:
//             percent (of the table, where it is known), pages, requests, retries, duplicates, mended, rate_limits, bytes
//   plan      ours; of a dry run, for each table: name, dest, before and after (a text for each
//             step), landing
//   table     ours; after each table of a run that loads many: name, dest, rows, duration_sec,
//             status (success, error), error (null or text), error_kind if there is one
//   log       a message
//   end       once, last: status (success, error), rows, batches, duration_sec, error (null or
//             text); ours: error_kind, pages, requests, retries, duplicates, mended,
//             rate_limits, bytes, discarded_rows, discarded_values, rows_per_sec, peak_mem_mb
// Debug messages go to stderr as text.
class JsonReporter final : public Reporter {
 public:
  explicit JsonReporter(const ReportServices& services) : services_(services) {}

  std::chrono::milliseconds interval() const override { return std::chrono::seconds(1); }
  void start(const RunFacts& facts) override;
  void plan(const TableFacts& table, const Plan& plan) override;
  void progress(const Progress& progress) override;
  void table_start(const TableFacts&) override {}
  void table_end(const TableFacts& table, const TableOutcome& outcome) override;
  void log(LogLevel level, std::string_view message) override;
  void end(const Progress& progress, const std::optional<Failure>& failure) override;

 private:
  void add_error(JsonLine& line, const std::optional<Failure>& failure) const;
  JsonLine event(std::string_view level, std::string_view message, std::string_view name) const;
  // Nothing more once the last line is printed: a run that ends by force has threads that go on.
  void print(const JsonLine& line, bool is_last = false);

  const ReportServices services_;
  std::mutex mutex_;
  bool dry_run_ = false, ended_ = false;
};

}  // namespace ingestr
