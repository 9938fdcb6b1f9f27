// What every SQL destination does around the steps of a transaction: it checks, counts what a contract leaves out, and says
// where and what helps when a step fails.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/counters.h"
#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

// What only the database's own session can do. Each throws Error in the database's words.
struct StepActions {
  std::function<uint64_t(const std::string& select)> count;  // the one number of a SELECT
  std::function<void(const std::string& select)> probe;      // makes sense of a SELECT without running it
  std::function<void(const Step& step)> run;                 // no check and no count is left to be done
};

// What steps have left out.
class Discarded {
 public:
  void add(std::atomic<uint64_t> Counters::*counter, uint64_t number) { numbers_.emplace_back(counter, number); }
  // Once the transaction is committed.
  void count_in(Counters& counters) const;

 private:
  std::vector<std::pair<std::atomic<uint64_t> Counters::*, uint64_t>> numbers_;
};

// Does the steps in order; the transaction is the caller's. Throws Error with the place of the step (engine/step.h), and for a
// row that breaks a constraint with what helps (engine/remedy.h); bad_data for rows that are not as a step requires.
// Looks between two steps whether it is to stop, and throws Error(cancelled) then; a step alone is done, such as what cleans up.
Discarded apply_steps(const std::vector<Step>& steps, const Dialect& dialect, const StepActions& actions, const std::stop_token& stop);

// The steps of a destination that was opened to look only: checks that look at no row. Throws Error(usage) when the database can make nothing
// of a predicate, Error(internal) for any other step.
void check_steps(const std::vector<Step>& steps, const Dialect& dialect, const std::function<void(const std::string& select)>& probe);
[[noreturn]] void refuse_change();

}  // namespace ingestr
