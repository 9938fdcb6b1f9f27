// What a run tells its user, and the two ways of saying it: lines for people, JSON for programs.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "app/progress.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "engine/strategy.h"

namespace ingestr {

// Where a program prints: its streams and what stands behind them.
struct Output {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<size_t()>
      columns;  // how wide the terminal is now; needed only when `out_is_terminal`
  std::function<bool()> reader_has_left = [] { return false; };  // of `out`, as head(1) does when it has seen enough
};

enum class ProgressMode {
  interactive,  // a line that is drawn again and again; log where stdout is no terminal
  log,          // a line every few seconds
  json,         // nothing but JSON on stdout
};

// Nothing when there is no such mode.
std::optional<ProgressMode> parse_progress_mode(std::string_view name);

// What is known when a run starts.
struct RunFacts {
  std::string source_type;  // "attio"
  std::string source_table;
  std::string destination_type;  // "duckdb"
  std::string destination_table;
  std::string strategy;
  std::string schema_naming = {};        // empty: auto
  std::string incremental_key;           // empty: none
  std::vector<std::string> primary_key;  // empty: none
  bool dry_run = false;                  // nothing is to be loaded
};

struct Failure {
  ErrorKind kind = ErrorKind::internal;
  std::string text;
};

// One of the tables of a run that loads many.
struct TableFacts {
  size_t number = 0;  // from 1 on
  size_t of = 0;      // so many
  std::string source;
  std::string destination;
};

struct TableOutcome {
  uint64_t rows = 0;  // that it loaded; none when it failed
  double seconds = 0;
  bool interrupted = false;         // it failed because the user asked to stop
  std::optional<Failure> failure;  // nothing: it is loaded
};

// Everything goes through Secrets::redact, and each message is one line whatever is in it.
// Thread-safe.
class Reporter {
 public:
  virtual ~Reporter() = default;
  // How often progress() is wanted.
  virtual std::chrono::milliseconds interval() const = 0;
  // Once, when everything is checked and the rows begin to come; not at all when the run fails
  // before.
  virtual void start(const RunFacts& facts) = 0;
  virtual void progress(const Progress& progress) = 0;
  // What would be done for a table, in a dry run.
  virtual void plan(const TableFacts& table, const Plan& plan) = 0;
  // Around each table of a run that loads many, between start() and end(). The end of one that
  // failed, and was not interrupted, also prints `Error: …` to stderr.
  virtual void table_start(const TableFacts& table) = 0;
  virtual void table_end(const TableFacts& table, const TableOutcome& outcome) = 0;
  virtual void log(LogLevel level, std::string_view message) = 0;
  // Once, at the very end; nothing may follow.
  virtual void end(const Progress& progress, const std::optional<Failure>& failure) = 0;
};

// What the reporters share; references outlive them.
struct ReportServices {
  Output output;
  const Clock& clock;
  const Secrets& secrets;
  const Environment& environment;  // NO_COLOR, TERM, INGESTR_QUIET_PROGRESS
};

// How a dry run ends.
inline constexpr std::string_view kNothingChanged = "Dry run: nothing was read, nothing was changed.";

std::unique_ptr<Reporter> make_reporter(ProgressMode mode, const ReportServices& services);

// Prints `Error: …` to stderr, one redacted line.
void print_error(const Failure& failure, const ReportServices& services);
// The same with the table's name in front.
void print_table_error(const TableFacts& table, const TableOutcome& outcome,
                       const ReportServices& services);

// `message` with its secrets replaced, on one line: control characters and line ends become single
// spaces.
std::string presentable(std::string_view message, const Secrets& secrets);

// Hands on to a reporter what the layers below log; debug messages only when they are wanted.
class ReportLogger final : public Logger {
 public:
  ReportLogger(Reporter& reporter, bool debug) : reporter_(reporter), debug_(debug) {}

  bool enabled(LogLevel level) const override { return debug_ || level != LogLevel::debug; }
  void log(LogLevel level, std::string_view message) override {
    if (enabled(level)) reporter_.log(level, message);
  }

 private:
  Reporter& reporter_;
  const bool debug_;
};

}  // namespace ingestr
