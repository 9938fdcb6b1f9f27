#include "sql/apply.h"

#include <fmt/format.h>

#include <optional>
#include <variant>

#include "base/error.h"
#include "base/interrupt.h"
#include "engine/remedy.h"
#include "sql/check.h"
#include "sql/discard.h"

namespace ingestr {
namespace {

void check_predicate(const RequirePredicate& step, const Dialect& dialect,
                     const std::function<void(const std::string& select)>& probe) {
  try {
    probe(predicate_sql(step, dialect));
  } catch (const Error& error) {
    throw Error(ErrorKind::usage,
                fmt::format("--incremental-predicate is no condition on the rows of target and source ({})", error.what()));
  }
}

}  // namespace

void Discarded::count_in(Counters& counters) const {
  for (const auto& [counter, number] : numbers_) counters.*counter += number;
}

Discarded apply_steps(const std::vector<Step>& steps, const Dialect& dialect, const StepActions& actions, const std::stop_token& stop) {
  Discarded discarded;
  for (const Step& step : steps) {
    if (&step != &steps.front()) throw_if_stopped(stop);
    if (const auto* wanted = std::get_if<RequirePredicate>(&step)) check_predicate(*wanted, dialect, actions.probe);
    for (const Check& check : checks_of(step, dialect)) check.judge(actions.count(check.select));
    if (const std::optional<Tally> tally = tally_of(step, dialect)) discarded.add(tally->counter, actions.count(tally->select));
    const auto work = [&] { with_remedy(step, [&] { actions.run(step); }); };
    const std::string place = place_of(step);
    place.empty() ? work() : within(place, work);
  }
  return discarded;
}

void check_steps(const std::vector<Step>& steps, const Dialect& dialect, const std::function<void(const std::string& select)>& probe) {
  for (const Step& step : steps) {
    const auto* wanted = std::get_if<RequirePredicate>(&step);
    if (wanted == nullptr) refuse_change();
    check_predicate(*wanted, dialect, probe);
  }
}

void refuse_change() { throw Error(ErrorKind::internal, "the destination was opened only to look at it"); }

}  // namespace ingestr
