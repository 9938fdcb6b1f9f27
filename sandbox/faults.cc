#include "faults.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "errors.h"

namespace sandbox {
namespace {

struct NamedFault {
  std::string_view name;
  Fault fault;
};

constexpr NamedFault kNamedFaults[] = {
    {"429", {FaultKind::rate_limited, 429, 0, ""}},
    {"reset", {FaultKind::reset, 200, 0, ""}},
    {"reset-body", {FaultKind::reset_body, 200, 0, ""}},
    {"truncate-body", {FaultKind::truncate_body, 200, 0, ""}},
    {"truncated-json", {FaultKind::truncated_json, 200, 0, ""}},
    {"no-data", {FaultKind::fixed_body, 200, 0, "{}"}},
    {"null-data", {FaultKind::fixed_body, 200, 0, R"({"data":null})"}},
    {"object-data", {FaultKind::fixed_body, 200, 0, R"({"data":{}})"}},
    {"empty-data", {FaultKind::fixed_body, 200, 0, R"({"data":[]})"}},
    {"empty-200", {FaultKind::fixed_body, 200, 0, ""}},
};

template <typename Number>
bool read(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// The last '@' that is followed by a valid trigger ends the kind; kinds have no '@', so it is the
// first.
std::pair<std::string_view, Trigger> split(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos)
    throw std::invalid_argument(fmt::format("\"{}\": say when, as in KIND@3", text));
  return {text.substr(0, at), Trigger(text.substr(at + 1))};
}

}  // namespace

Fault parse_fault_kind(std::string_view text) {
  const auto named = std::find_if(std::begin(kNamedFaults), std::end(kNamedFaults),
                                  [&](const auto& row) { return row.name == text; });
  if (named != std::end(kNamedFaults)) return named->fault;
  Fault fault{FaultKind::json_error, 200, 0, ""};
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    const std::string_view name = text.substr(0, colon);
    fault.kind = name == "slow" ? FaultKind::slow : FaultKind::stall;
    if ((name == "slow" || name == "stall") && read(text.substr(colon + 1), fault.seconds) &&
        fault.seconds >= 0)
      return fault;
  }
  std::string_view status = text;
  if (status.ends_with("-html")) {
    fault.kind = FaultKind::html_error;
    status.remove_suffix(5);
  }
  if (!read(status, fault.status) || fault.status < 200 || fault.status > 599)
    throw std::invalid_argument(fmt::format("\"{}\" is no fault; see --help", text));
  return fault;
}

Trigger::Trigger(std::string_view text) {
  std::string_view numbers = text;
  if (const size_t hash = text.rfind('#'); hash != std::string_view::npos) {
    where_ = text.substr(0, hash);
    numbers = text.substr(hash + 1);
  }
  const size_t cross = numbers.find('x');
  const bool good = read(numbers.substr(0, cross), first_) && first_ > 0 &&
                    (cross == std::string_view::npos || read(numbers.substr(cross + 1), count_));
  if (!good)
    throw std::invalid_argument(fmt::format("\"{}\" is not of the form [WHERE#]N[xCOUNT]", text));
}

bool Trigger::fires(std::string_view line) {
  if (line.find(where_) == std::string_view::npos) return false;
  ++seen_;
  return seen_ >= first_ && seen_ - first_ < count_;
}

Script<Fault> parse_faults(const std::vector<std::string>& texts) {
  Script<Fault> script;
  for (const std::string& text : texts) {
    auto [kind, trigger] = split(text);
    script.add(std::move(trigger), parse_fault_kind(kind));
  }
  return script;
}

Script<Mutation> parse_mutations(const std::vector<std::string>& texts) {
  Script<Mutation> script;
  for (const std::string& text : texts) {
    auto [kind, trigger] = split(text);
    if (kind != "insert" && kind != "delete")
      throw std::invalid_argument(fmt::format("\"{}\": only insert and delete are known", text));
    script.add(std::move(trigger), kind == "insert" ? Mutation::insert : Mutation::erase);
  }
  return script;
}

bool replaces_reply(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::rate_limited:
    case FaultKind::json_error:
    case FaultKind::html_error:
    case FaultKind::reset:
    case FaultKind::fixed_body:
      return true;
    case FaultKind::reset_body:
    case FaultKind::truncate_body:
    case FaultKind::truncated_json:
    case FaultKind::slow:
    case FaultKind::stall:
      return false;
  }
  return false;
}

void apply(const Fault& fault, Reply& reply) {
  switch (fault.kind) {
    case FaultKind::rate_limited:
      reply = rate_limited("");
      break;
    case FaultKind::json_error:
      reply = plain_error(fault.status);
      break;
    case FaultKind::html_error:
      reply = html_page(fault.status);
      break;
    case FaultKind::reset:
      reply.delivery = Delivery::reset;
      break;
    case FaultKind::reset_body:
      reply.delivery = Delivery::reset_in_body;
      break;
    case FaultKind::truncate_body:
      reply.delivery = Delivery::close_in_body;
      break;
    case FaultKind::truncated_json:
      reply.body.resize(reply.body.size() / 2);
      break;
    case FaultKind::slow:
      break;
    case FaultKind::stall:
      reply.delivery = Delivery::stall_in_body;
      reply.stall_seconds = fault.seconds;
      break;
    case FaultKind::fixed_body:
      reply.body = fault.body;
      break;
  }
}

}  // namespace sandbox
