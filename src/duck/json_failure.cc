#include "duck/json_failure.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "base/uri.h"

namespace ingestr::duck {
namespace {

constexpr std::string_view kNoJson = "it is no JSON, from its byte";

// What stands between the two, and then behind them; nothing when they are not there.
std::optional<std::string_view> between(std::string_view& message, std::string_view begin, std::string_view end) {
  const size_t at = message.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = message.substr(at + begin.size());
  const size_t length = rest.find(end);
  if (length == std::string_view::npos) return std::nullopt;
  message = rest.substr(length + end.size());
  return rest.substr(0, length);
}

}  // namespace

bool is_no_json(std::string_view sentence) { return contains(sentence, kNoJson); }

std::optional<Error> json_failure(std::string_view message) {
  std::string_view rest = message;
  if (const auto file = between(rest, "Malformed JSON in file \"", "\", at byte ")) {
    const auto byte = leading_number(between(rest, "", " in ").value_or(""));
    const std::string_view unit = rest.starts_with("line ") ? "line " : "record/value ";
    const auto value = leading_number(between(rest, unit, ": ").value_or(""));  // DuckDB 1.5.5 says one too many
    const std::string_view fault = trim(rest.substr(0, rest.find(". ")));
    if (!byte || !value) return std::nullopt;
    return Error(ErrorKind::bad_data, fmt::format("{}, value {}: {} {} on: {}", without_query(*file), *value - 1, kNoJson, *byte,
                                                  fault.ends_with('.') ? fault.substr(0, fault.size() - 1) : fault));
  }
  if (const auto most = leading_number(between(rest, "\"maximum_object_size\" of ", " bytes exceeded while reading file \"").value_or(""))) {
    const std::string_view file = without_query(rest.substr(0, rest.find('"')));
    return Error(ErrorKind::bad_data, fmt::format("{}: it has a value of more than {}, which is too long", file, human_bytes(*most)));
  }
  return std::nullopt;
}

}  // namespace ingestr::duck
