// A run told in lines for people.
#pragma once

#include <mutex>
#include <string>

#include "app/report.h"

namespace ingestr {

// Everything goes to stdout: the facts, messages as `[WARNING] HH:MM:SS | …` (UTC), progress, and
// the summary.
class TextReporter final : public Reporter {
 public:
  struct Style {
    bool interactive = false;  // progress is one line that is drawn again; else a `[PROGRESS]` line
    bool colors = false;
    bool quiet = false;  // no `[PROGRESS]` lines
  };

  TextReporter(const ReportServices& services, Style style) : services_(services), style_(style) {}

  std::chrono::milliseconds interval() const override;
  void start(const RunFacts& facts) override;
  void progress(const Progress& progress) override;
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
  std::string table_;
  bool started_ = false;
  bool drawn_ = false;
};

}  // namespace ingestr
