// A run told in lines for people.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "app/report.h"
#include "app/summary.h"

namespace ingestr {

// Everything goes to stdout: the facts, messages as `[WARNING] HH:MM:SS | …` (UTC), progress, and
// the summary. When many tables are loaded each has a `[TABLE]` line once it is over, and a row of
// the summary. Only the errors of such tables go to stderr. A dry run prints plans in
// place of all that.
class TextReporter final : public Reporter {
 public:
  struct Style {
    bool interactive = false;  // progress is one line that is drawn again; else a `[PROGRESS]` line
    bool colors = false;
    bool quiet = false;  // no `[PROGRESS]` and no `[TABLE]` lines
  };

  TextReporter(const ReportServices& services, Style style) : services_(services), style_(style) {}

  std::chrono::milliseconds interval() const override;
  void start(const RunFacts& facts) override;
  void plan(const TableFacts& table, const Plan& plan) override;
  void progress(const Progress& progress) override;
  void table_start(const TableFacts& table) override;
  void table_end(const TableFacts& table, const TableOutcome& outcome) override;
  void log(LogLevel level, std::string_view message) override;
  void end(const Progress& progress, const std::optional<Failure>& failure) override;

 private:
  std::ostream& out() { return services_.output.out; }
  void print(std::string_view label, std::string_view message);
  void draw(const Progress& progress);
  void erase();  // the drawn line, so that something else can take its place

  const ReportServices services_;
  const Style style_;
  std::mutex mutex_;
  std::string table_;  // as it is drawn
  std::vector<TableSummary> tables_;
  size_t table_count_ = 0;
  bool started_ = false;
  bool dry_run_ = false;
  bool drawn_ = false;
};

}  // namespace ingestr
