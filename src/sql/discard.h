// What a schema contract leaves out, as SQL: the statements, for to_sql() (sql/dialect.h), and the counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/counters.h"
#include "engine/step.h"
#include "sql/dialect.h"

namespace ingestr {

std::vector<std::string> discard_sql(const DiscardRows& step, const Dialect& dialect);
std::vector<std::string> discard_sql(const FitColumn& step, const Dialect& dialect);

// What a step is about to leave out.
struct Tally {
  std::string select;                               // one number, before the step is done
  std::atomic<uint64_t> Counters::*counter = nullptr;  // to be added to once the step is committed
};

// None for a step that leaves nothing out.
std::optional<Tally> tally_of(const Step& step, const Dialect& dialect);

}  // namespace ingestr
