#include "duck/json_line.h"

#include <fmt/format.h>

#include <string>

#include "base/error.h"
#include "data/type_evidence.h"
#include "duck/failure.h"
#include "duck/text.h"
#include "simdjson.h"

namespace ingestr::duck {
namespace {

namespace od = simdjson::ondemand;

[[noreturn]] void refuse_json(std::string_view text) {
  throw Error(ErrorKind::bad_data, fmt::format("{} is no JSON value", shorten(text, kShownLineBytes)));
}

// For what begins as no other value does.
bool is_wrong_null(od::value& value) {
  bool null = false;
  return value.is_null().get(null) != simdjson::SUCCESS || !null;
}

// Of arrays and objects in each other: the stack has an end.
constexpr int kMostLevels = 1'000;

void check(od::value value, int level);

// Not part of check(), of which there may be as many calls in each other as there are levels.
[[gnu::noinline]] void check_scalar(od::value& value, od::json_type type) {
  switch (type) {
    case od::json_type::string: (void)std::string_view(value.get_string(true)); return;
    case od::json_type::boolean: (void)bool(value.get_bool()); return;
    case od::json_type::number: {
      const std::string_view text = trim(value.raw_json_token());
      if (!TypeEvidence::is_json_number(text)) refuse_json(text);
      (void)value.raw_json().value();
      return;
    }
    default:
      if (is_wrong_null(value)) refuse_json(trim(value.raw_json_token()));
  }
}

[[noreturn]] void refuse_level() {
  throw Error(ErrorKind::bad_data, fmt::format("a value has more than {} arrays and objects in each other, which cannot be read", kMostLevels));
}

[[gnu::noinline]] void check_key(od::field& field) { (void)std::string_view(field.unescaped_key(true)); }

[[gnu::noinline]] void check_fields(od::value& object, int level) {
  for (od::field field : object.get_object()) {
    check_key(field);
    check(field.value(), level + 1);
  }
}

// Reads every value to its last token, so that what is no JSON does not stay hidden in what nobody asks for.
void check(od::value value, int level) {
  const od::json_type type = value.type();
  if (type != od::json_type::object && type != od::json_type::array) return check_scalar(value, type);
  if (level > kMostLevels) refuse_level();
  if (type == od::json_type::object) return check_fields(value, level);
  for (od::value element : value.get_array()) check(element, level + 1);
}

template <class Container>
JsonValue nested(Container container) {
  container.reset();
  return {JsonKind::nested, trim(std::string_view(container.raw_json())), {}};
}

// `The JSON document ended early` of `INCOMPLETE: The JSON document ended early. This is a fatal error.`
std::string_view reason_of(std::string_view message) {
  if (const size_t colon = message.find(": "); colon != std::string_view::npos) message.remove_prefix(colon + 2);
  return trim(message.substr(0, message.find(". ")));
}

JsonValue read_json(od::value value) {
  switch (value.type()) {
    case od::json_type::object: {
      od::object object = value.get_object();
      for (od::field field : object) {
        check_key(field);
        check(field.value(), 2);
      }
      return nested(object);
    }
    case od::json_type::array: {
      od::array array = value.get_array();
      for (od::value element : array) check(element, 2);
      return nested(array);
    }
    case od::json_type::string: {
      const std::string_view json = trim(value.raw_json_token());
      std::string_view text;
      // Half of a surrogate pair, which no UTF-8 can hold, keeps its escape.
      if (value.get_string(false).get(text) != simdjson::SUCCESS) {
        (void)std::string_view(value.get_string(true));
        text = json.substr(1, json.size() - 2);
      }
      return {JsonKind::string, json, text};
    }
    case od::json_type::boolean: {
      const bool truth = value.get_bool();
      return {JsonKind::boolean, truth ? "true" : "false", {}};
    }
    case od::json_type::number: {
      const std::string_view text = trim(value.raw_json_token());
      if (!TypeEvidence::is_json_number(text)) refuse_json(text);
      return {JsonKind::number, text, {}};
    }
    default:
      if (is_wrong_null(value)) refuse_json(trim(value.raw_json_token()));
      return {JsonKind::null, "null", {}};
  }
}

}  // namespace

struct JsonLines::Parser {
  od::parser parser;
  std::string padded;
};

JsonLines::JsonLines() : parser_(std::make_unique<Parser>()) {}
JsonLines::~JsonLines() = default;

void JsonLines::read(std::string_view line, void* held, void (*visit)(void*, std::string_view, const JsonValue&)) {
  std::string& padded = parser_->padded;
  padded.assign(line);
  padded.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  try {
    od::document document = parser_->parser.iterate(padded);
    for (od::field field : od::object(document.get_object())) {
      const std::string_view key = field.unescaped_key(true);
      visit(held, key, read_json(field.value()));
    }
    if (!document.at_end()) throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
  } catch (const simdjson::simdjson_error& error) {
    if (error.error() == simdjson::INCORRECT_TYPE) {
      throw Error(ErrorKind::bad_data, fmt::format("no JSON object, as each row is one; a file that is one array of objects is read by json://, not by "
                                                   "jsonl://: {}",
                                                   shorten(line, kShownLineBytes)));
    }
    throw Error(ErrorKind::bad_data,
                fmt::format("no JSON object: {}: {}", reason_of(error.what()), shorten(line, kShownLineBytes)));
  }
}

}  // namespace ingestr::duck
