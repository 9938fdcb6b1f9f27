// Faults: a script of what goes wrong, and of rows that change, at which requests. Text in,
// decisions out; sends nothing.
//
//   KIND@[WHERE#]N[xCOUNT]
//
// fires at the N-th request (counted from 1) whose line contains WHERE, and at the COUNT-1 such
// requests after it. The line is "POST /v2/objects/companies/records/query offset=500;limit=500;".
// Each rule counts for itself, and a second attempt at the same page is one more request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.h"

namespace sandbox {

enum class FaultKind {
  rate_limited,
  json_error,
  html_error,
  reset,
  reset_body,
  truncate_body,
  truncated_json,
  slow,
  stall,
  fixed_body,
};

struct Fault {
  FaultKind kind;
  int status = 200;       // json_error, html_error
  double seconds = 0;     // slow, stall
  std::string_view body;  // fixed_body
};

// Throws std::invalid_argument.
Fault parse_fault_kind(std::string_view text);

// When a rule applies. Not thread-safe.
class Trigger {
 public:
  // `text` is what follows the '@'. Throws std::invalid_argument.
  explicit Trigger(std::string_view text);

  // Counts the request if it matches, and says whether the rule applies to it.
  bool fires(std::string_view line);

  void restart() { seen_ = 0; }

 private:
  std::string where_;
  uint64_t first_ = 1;
  uint64_t count_ = 1;
  uint64_t seen_ = 0;
};

// An ordered list of rules of one kind. Not thread-safe.
template <typename Action>
class Script {
 public:
  void add(Trigger trigger, Action action) {
    rules_.push_back({std::move(trigger), std::move(action)});
  }

  // All actions due at this request, in the order of the rules. Call it exactly once for each
  // request.
  std::vector<Action> due(std::string_view line) {
    std::vector<Action> actions;
    for (auto& rule : rules_)
      if (rule.trigger.fires(line)) actions.push_back(rule.action);
    return actions;
  }

  void restart() {
    for (auto& rule : rules_) rule.trigger.restart();
  }

 private:
  struct Rule {
    Trigger trigger;
    Action action;
  };
  std::vector<Rule> rules_;
};

enum class Mutation { insert, erase };

// Each text is "KIND@…" or "insert@…" / "delete@…". They throw std::invalid_argument with a
// sentence that quotes the text.
Script<Fault> parse_faults(const std::vector<std::string>& texts);
Script<Mutation> parse_mutations(const std::vector<std::string>& texts);

// True for faults whose reply does not depend on the request, which then is not worked on at all.
bool replaces_reply(const Fault& fault);

// Spoils a reply: `reply` is the right answer, or an empty one if replaces_reply(). Neither `slow`
// nor the Retry-After header is dealt with here, as both need a clock.
void apply(const Fault& fault, Reply& reply);

}  // namespace sandbox
