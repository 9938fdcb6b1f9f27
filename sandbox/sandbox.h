// Sandbox: the whole server without its sockets. Takes a Request, gives a Reply; counts, limits,
// delays and spoils on the way.
//
// Order of things for an API request: it is counted, rows change if the script says so, faults are
// looked up, the rate limit refuses, the latency passes, and only then key, scopes and endpoint are
// dealt with and rows are read.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "access.h"
#include "api.h"
#include "faults.h"
#include "limiter.h"
#include "options.h"
#include "stats.h"
#include "workspace.h"

namespace sandbox {

// The door to time, so that tests have none of it.
struct Clock {
  std::function<Milliseconds()> steady;     // never goes back
  std::function<Milliseconds()> wall;       // since 1970
  std::function<void(Milliseconds)> sleep;  // may return early when the server stops
};

class Sandbox {
 public:
  // Throws std::invalid_argument with a sentence if the options do not fit together.
  Sandbox(const Options& options, Clock clock);

  // Any thread. Paths under /__sandbox/ are control requests: they need no key, are not counted,
  // and no fault hits them.
  Reply answer(const Request& request);

 private:
  Reply answer_api(const Request& request);
  Reply control(const Request& request);
  Reply answer_endpoint(const Request& request) const;
  Reply spoiled_or_right(const Request& request, const std::vector<Fault>& faults, bool admitted);
  Call call_of(const Request& request) const;
  void change_rows(const std::vector<Mutation>& mutations, const Request& request,
                   uint64_t number);
  std::string retry_after() const;

  // Control requests, in control.cc.
  Reply control_reset(const Request& request);
  Reply control_mutate(const Request& request);
  Reply control_ids(const Request& request);
  Reply control_faults(const Request& request);
  std::optional<Addressed> rows_named(const std::string& object, const std::string& list,
                                      const std::string& resource) const;

  const Options options_;
  const Clock clock_;
  const Access access_;
  Workspace workspace_;
  Stats stats_;
  std::mutex mutex_;  // guards what follows: the script and the limiter see requests one at a time
  Script<Fault> faults_;
  Script<Mutation> mutations_;
  Limiter limiter_, notes_limiter_;
  std::atomic<uint64_t> executions_ = 0;
};

}  // namespace sandbox
