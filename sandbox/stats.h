// Stats: what the server saw and sent, for tests and benchmarks to check. Thread-safe. The caller
// passes the time, in milliseconds that never go back.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "time_text.h"
#include "uuid.h"

namespace sandbox {

struct LogLine {
  uint64_t number = 0;  // 1 for the first request
  std::string method, path, query, user_agent, accept_encoding;
  std::optional<uint64_t> offset, limit;  // of the two query endpoints
  Milliseconds at = 0;                    // since the start or the last reset
  Milliseconds took = 0;                  // until the reply was ready to send
  int status = 0;                         // 0: still being answered
  uint64_t bytes = 0;                     // of the body, as handed to the connection
};

struct ChangeLine {
  std::string op, table;  // "insert" or "delete"; slug of the object or list
  Uuid id;
  uint64_t request = 0;  // number of the request it came with; 0: by POST /__sandbox/mutate
};

class Stats {
 public:
  explicit Stats(uint64_t log_size) : log_size_(log_size) {}

  struct Ticket {
    uint64_t number;  // counted from 1
    uint64_t epoch;   // tells requests from before a reset from those after
  };

  // A request has arrived. `line.number` and `line.at` are set here.
  Ticket begin(LogLine line, Milliseconds now);

  // Its reply is ready.
  void end(const Ticket& ticket, int status, uint64_t bytes, Milliseconds now);

  void changed(ChangeLine line);

  // Everything starts again at zero; requests under way are forgotten.
  void reset(Milliseconds now);

  std::string json() const;

 private:
  LogLine* find(uint64_t number);

  const uint64_t log_size_;
  mutable std::mutex mutex_;
  Milliseconds start_ = 0;
  uint64_t epoch_ = 0;
  uint64_t total_ = 0, bytes_ = 0, in_flight_ = 0, most_in_flight_ = 0, most_in_a_second_ = 0;
  std::map<std::string, uint64_t> by_path_;
  std::map<int, uint64_t> by_status_;
  std::deque<Milliseconds> last_second_;
  std::deque<LogLine> log_;
  std::deque<ChangeLine> changes_;
};

}  // namespace sandbox
