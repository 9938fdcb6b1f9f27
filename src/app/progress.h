// How far a run is: the figures, the line that shows them, and the thread that has it shown again
// and again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "app/usage.h"
#include "base/clock.h"
#include "base/counters.h"

namespace ingestr {

// The counters of one moment, and what follows from them.
struct Progress {
  uint64_t rows = 0;
  uint64_t batches = 0;
  uint64_t pages = 0;
  uint64_t requests = 0;
  uint64_t retries = 0;
  uint64_t duplicates = 0;
  uint64_t discarded_rows = 0;
  uint64_t discarded_values = 0;
  uint64_t mended = 0;
  uint64_t rate_limits = 0;
  uint64_t bytes = 0;
  double seconds = 0;
  double rows_per_second = 0;  // since the start
  std::optional<double> percent{};  // of the table, 0 to 100; nothing: not known
  double cpu_percent = 0;      // since the start; 200: two cores busy
  uint64_t memory_bytes = 0;
  uint64_t peak_memory_bytes = 0;
};

// Reads the figures of a run that began when it was made. Thread-safe.
class Meter {
 public:
  Meter(const Counters& counters, const Clock& clock, std::function<Usage()> usage);

  Progress read() const;

 private:
  const Counters& counters_;
  const Clock& clock_;
  std::function<Usage()> usage_;
  SteadyTime start_;
  double cpu_seconds_before_ = 0;
};

// `objects | 12 % | 2,500 rows | 3.4 MB | 810 rows/s | 26 requests | 1 retry | 0:03`
std::string progress_line(std::string_view table, const Progress& progress);

// As much of `text` as fits into `columns` of a terminal, with "…" where something was cut. Letters
// beyond ASCII are taken to be two columns wide, so that a line never wraps.
std::string cut_to_columns(std::string_view text, size_t columns);

// `3:05`, `1:02:03`
std::string format_elapsed(double seconds);

class Reporter;

// Has `reporter` show the progress at its interval, on a thread of its own, until destroyed.
class ProgressThread {
 public:
  ProgressThread(Reporter& reporter, const Meter& meter, Clock& clock);

 private:
  std::jthread thread_;
};

}  // namespace ingestr
