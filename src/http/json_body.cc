#include "http/json_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "http/client.h"
#include "http/status.h"
#include "simdjson.h"

namespace ingestr {
namespace {

namespace od = simdjson::ondemand;

constexpr size_t kShownBytes = 20;  // of what is not valid
constexpr size_t kMostLevels = 1'000;
constexpr std::string_view kSpace = " \t\r\n";

static_assert(kBodyPadding >= simdjson::SIMDJSON_PADDING);

// A number, an escape or a word that is none, or a level too many; thrown through the levels above it.
struct Invalid {
  const char* at;
};

// On-demand simdjson checks the structure, the words true, false and null and, before anything
// else, UTF-8 and control characters; numbers and escapes only when they are converted. Converting
// would refuse what JSON allows: numbers of more digits than a type of ours has, lone surrogates.

const char* skip_digits(const char* at, const char* end) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const char* last = std::find_if_not(at, end, is_digit);
  if (last == at) throw Invalid{at};
  return last;
}

void check_number(std::string_view token) {
  const char* at = token.data();
  const char* const end = at + token.find_last_not_of(kSpace) + 1;
  const auto take = [&](std::string_view any) {
    const bool taken = at != end && any.find(*at) != std::string_view::npos;
    if (taken) ++at;
    return taken;
  };
  take("-");
  if (!take("0")) at = skip_digits(at, end);
  if (take(".")) at = skip_digits(at, end);
  if (take("eE")) {
    take("+-");
    at = skip_digits(at, end);
  }
  if (at != end) throw Invalid{token.data()};
}

bool is_escape(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  if (text.empty()) return false;
  if (text.front() != 'u') return std::string_view("\"\\/bfnrt").find(text.front()) != std::string_view::npos;
  return text.size() >= 5 && text.substr(1, 4).find_first_not_of(kHex) == std::string_view::npos;
}

// Of the whole body at once, for in JSON a backslash stands only inside a string.
void check_escapes(std::string_view body) {
  for (size_t at = body.find('\\'); at != std::string_view::npos; at = body.find('\\', at + 2)) {
    if (!is_escape(body.substr(at + 1))) throw Invalid{body.data() + at};
  }
}

// `levels`: how many may follow, for the stack has an end.
void check(od::value value, size_t levels) {
  if (levels == 0) throw Invalid{value.raw_json_token().data()};
  switch (value.type()) {
    case od::json_type::object:
      for (od::field field : od::object(value.get_object())) {
        check(field.value(), levels - 1);
      }
      return;
    case od::json_type::array:
      for (od::value element : od::array(value.get_array())) check(element, levels - 1);
      return;
    case od::json_type::string:
      // What is not taken is passed over, and a ':' behind it too.
      value.get_raw_json_string().value();
      return;
    case od::json_type::number: return check_number(value.raw_json_token());
    case od::json_type::boolean: value.get_bool().value(); return;
    case od::json_type::null:
      if (value.is_null()) return;
      break;
    default: break;
  }
  throw Invalid{value.raw_json_token().data()};
}

// Nothing when all is well.
std::optional<std::string> invalidity(const std::string& body) {
  const auto placed = [&](const char* at) {
    const size_t index = static_cast<size_t>(at - body.data());
    return fmt::format("a JSON body that is not valid at byte {}: {}", group_digits(index),
                       shorten(std::string_view(body).substr(index), kShownBytes));
  };
  od::parser parser;
  od::document document;
  const simdjson::padded_string_view text(body.data(), body.size(), body.capacity());
  if (const auto error = parser.iterate(text).get(document); error != simdjson::SUCCESS) {
    return fmt::format("a JSON body that is not valid ({})", simdjson::error_message(error));
  }
  try {
    check(document.get_value(), kMostLevels);
    check_escapes(body);
    if (document.at_end()) return std::nullopt;
    return placed(document.current_location().value());
  } catch (const Invalid& invalid) {
    return placed(invalid.at);
  } catch (const simdjson::simdjson_error&) {
    const char* at = body.data() + body.size();
    std::ignore = document.current_location().get(at);
    return placed(at);
  }
}

// The index of the quote that closes the string which opens at `open`; npos when none does.
// Jumping from quote to quote lets the C library do the work.
size_t closing_quote(std::string_view text, size_t open) {
  for (size_t quote = text.find('"', open + 1); quote != std::string_view::npos;
       quote = text.find('"', quote + 1)) {
    size_t first = quote;
    while (first > open + 1 && text[first - 1] == '\\') --first;
    const bool escaped = (quote - first) % 2 == 1;
    if (!escaped) return quote;
  }
  return std::string_view::npos;
}

// The index behind the value that opens at `start`; nothing when the text ends first or brackets
// cross.
struct End {
  size_t index = 0;
  bool cut_off = false;
  bool crossed = false;
};

End end_of_value(std::string_view text, size_t start) {
  std::string open;  // the closing brackets that are owed, innermost last
  for (size_t at = start; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        at = closing_quote(text, at);
        if (at == std::string_view::npos) return {.cut_off = true};
        break;
      case '{':
        open.push_back('}');
        break;
      case '[':
        open.push_back(']');
        break;
      case '}':
      case ']':
        if (open.back() != text[at]) return {.index = at, .crossed = true};
        open.pop_back();
        if (open.empty()) return {.index = at + 1};
        break;
      default:
        break;
    }
  }
  return {.cut_off = true};
}

// What is wrong with the whole, in words for people; nothing when it is something inside.
std::optional<std::string> frame_defect(std::string_view body) {
  const size_t start = body.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return "an empty body";
  if (is_markup(body)) return "an HTML page instead of JSON";
  if (body[start] != '{' && body[start] != '[') {
    return "text instead of JSON: " + shorten(body.substr(start), 100);
  }
  const End end = end_of_value(body, start);
  if (end.cut_off) {
    return fmt::format("a JSON body that is cut off after {} bytes", group_digits(body.size()));
  }
  if (end.crossed) {
    return fmt::format("a JSON body whose brackets do not match at byte {}",
                       group_digits(end.index));
  }
  if (body.find_first_not_of(kSpace, end.index) != std::string_view::npos) {
    return fmt::format("a JSON body with something behind its end at byte {}",
                       group_digits(end.index));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> json_defect(const std::string& body) {
  if (body.capacity() - body.size() < kBodyPadding) {
    std::string padded;
    padded.reserve(body.size() + kBodyPadding);
    return json_defect(padded.append(body));
  }
  std::optional<std::string> invalid = invalidity(body);
  if (!invalid) return std::nullopt;
  std::optional<std::string> frame = frame_defect(body);
  return frame ? frame : invalid;
}

}  // namespace ingestr
