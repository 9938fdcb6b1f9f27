#include "sources/attio/answer.h"

#include <optional>

#include <xxhash.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "http/status.h"
#include "simdjson.h"
#include "sources/attio/access.h"
#include "sources/attio/endpoint.h"

namespace ingestr::attio {
namespace {

namespace od = simdjson::ondemand;

constexpr size_t kShownBytes = 200;

// Adds one member to a key. Addition makes the order of members irrelevant.
void mix(RowKey& key, std::string_view name, std::string_view value) {
  const XXH128_hash_t name_hash = XXH3_128bits(name.data(), name.size());
  const XXH128_hash_t hash = XXH3_128bits_withSeed(value.data(), value.size(), name_hash.low64);
  key.low += hash.low64;
  key.high += hash.high64;
}

PageRow read_row(od::value element) {
  od::object object = element.get_object();
  PageRow row;
  bool has_id = false;
  od::value id;
  if (object.find_field_unordered("id").get(id) == simdjson::SUCCESS && id.type() == od::json_type::object) {
    for (od::field field : od::object(id.get_object())) {
      const std::string_view name = field.escaped_key();
      mix(row.key, name, trim(std::string_view(field.value().raw_json())));
      has_id = true;
    }
  }
  object.reset();
  row.text = trim(std::string_view(object.raw_json()));
  if (!has_id) mix(row.key, "", row.text);
  return row;
}

// Attio's error body: {"status_code", "type", "code", "message"}; empty strings where it is something else.
struct ErrorBody {
  std::string code;
  std::string message;
  std::string fields;  // of the request that are refused: "limit, offset"
};

ErrorBody read_error(const std::string& text) {
  ErrorBody out;
  const simdjson::padded_string padded(text);
  od::parser parser;
  od::document document;
  od::object object;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return out;
  if (document.get_object().get(object) != simdjson::SUCCESS) return out;
  std::string_view value;
  if (object["code"].get_string(true).get(value) == simdjson::SUCCESS) out.code = value;
  if (object["message"].get_string(true).get(value) == simdjson::SUCCESS) out.message = shorten(value, kShownBytes);
  if (object["validation_errors"].raw_json().get(value) == simdjson::SUCCESS) out.fields = shorten(value, kShownBytes);
  return out;
}

std::string says(const ErrorBody& body) {
  return body.message.empty() ? "" : fmt::format(" (Attio says: {})", body.message);
}

// "record_permission:read and object_configuration:read"
std::string scopes_of(const std::optional<Match>& match) {
  if (!match) return "of its table";
  return fmt::format("{}", fmt::join(split(match->endpoint->scopes, ' '), " and "));
}

Error not_found(const std::optional<Match>& match, const ErrorBody& body) {
  if (match && !text_of(match->texts, "object").empty()) {
    return {ErrorKind::not_found,
            fmt::format("this workspace has no object \"{}\"{}; load the table objects to see the slugs and ids there are",
                        text_of(match->texts, "object"), says(body))};
  }
  if (match && !text_of(match->texts, "list").empty()) {
    return {ErrorKind::not_found,
            fmt::format("this workspace has no list \"{}\" that the API key can see{}; load the table lists to see the slugs "
                        "and ids there are",
                        text_of(match->texts, "list"), says(body))};
  }
  return {ErrorKind::not_found,
          fmt::format("Attio does not know this address{}; check base_url in --source-uri", says(body))};
}

// The value that holds the rows. Throws Error(bad_data) when there is none.
od::value rows_at(od::document& document, const std::string& place, bool single, const std::string& body) {
  od::value value;
  const simdjson::error_code error =
      place.empty() ? document.get_value().get(value) : document.at_pointer(place).get(value);
  const od::json_type wanted = single ? od::json_type::object : od::json_type::array;
  if (error == simdjson::SUCCESS && value.type() == wanted) return value;
  throw Error(ErrorKind::bad_data,
              fmt::format("Attio answered without a \"{}\" {}: {}; it may have changed its API, or base_url in "
                          "--source-uri points at something else",
                          place.substr(place.rfind('/') + 1), single ? "object" : "array", shorten(body, kShownBytes)));
}

std::string next_cursor(od::document& document) {
  od::object root;
  std::string_view cursor;
  if (document.get_object().get(root) != simdjson::SUCCESS) return "";
  if (root["pagination"]["next_cursor"].get_string().get(cursor) != simdjson::SUCCESS) return "";
  return std::string(cursor);
}

// The value at a place in a row; nothing when there is none. On demand, so that a number which fits no type of ours
// disturbs nobody but who asks for it.
std::optional<od::value> value_at(od::document& document, od::parser& parser, const PageRow& row,
                                  const std::string& pointer) {
  od::value found;
  const simdjson::padded_string_view text(row.text, row.text.size() + simdjson::SIMDJSON_PADDING);
  if (parser.iterate(text).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document.at_pointer(pointer).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

bool is_text(od::value value, std::string_view wanted) {
  std::string_view text;
  return value.get_string(true).get(text) == simdjson::SUCCESS && text == wanted;
}

}  // namespace

Answer parse_answer(std::string text, const std::string& rows, bool single) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);  // nothing to do for a body that came by HTTP
  Answer answer;
  answer.page.body = std::make_unique<const std::string>(std::move(text));
  const std::string& body = *answer.page.body;
  try {
    od::parser parser;
    od::document document =
        parser.iterate(simdjson::padded_string_view(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING));
    od::value value = rows_at(document, rows, single, body);
    if (single) {
      answer.page.rows.push_back(read_row(value));
    } else {
      for (od::value element : od::array(value.get_array())) answer.page.rows.push_back(read_row(element));
    }
    if (!rows.empty()) {
      document.rewind();
      answer.next_cursor = next_cursor(document);
    }
  } catch (const simdjson::simdjson_error& error) {
    throw Error(ErrorKind::bad_data, fmt::format("Attio answered with a page that cannot be read ({}): {}; it may have changed its API, or "
                                                 "base_url in --source-uri points at something else",
                                                 error.what(), shorten(body, kShownBytes)));
  }
  return answer;
}

std::string text_at(const PageRow& row, const std::string& pointer) {
  od::parser parser;
  od::document document;
  std::string_view text;
  auto found = value_at(document, parser, row, pointer);
  if (!found || found->get_string(true).get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

std::string raw_at(const PageRow& row, const std::string& pointer) {
  od::parser parser;
  od::document document;
  std::string_view text;
  auto found = value_at(document, parser, row, pointer);
  if (!found || found->raw_json().get(text) != simdjson::SUCCESS) return "";
  return std::string(trim(text));
}

bool holds(const PageRow& row, const std::string& pointer, std::string_view wanted) {
  od::parser parser;
  od::document document;
  auto found = value_at(document, parser, row, pointer);
  if (!found) return false;
  od::array array;
  if (found->get_array().get(array) != simdjson::SUCCESS) return is_text(*found, wanted);
  for (auto element : array) {
    od::value value;
    if (element.get(value) == simdjson::SUCCESS && is_text(value, wanted)) return true;
  }
  return false;
}

std::string error_code(const std::string& body) { return read_error(body).code; }

Error to_error(const HttpRequest& request, const HttpResponse& response) {
  const ErrorBody body = read_error(response.body);
  const std::optional<Match> matched = match(request);
  if (response.status == 401) {
    return bad_key(says(body));
  }
  if (response.status == 403 && body.code == "billing_error") {
    return {ErrorKind::auth,
            fmt::format("the plan of this workspace does not include this{}; ask an admin of the workspace", says(body))};
  }
  if (response.status == 403) {
    return {ErrorKind::auth, fmt::format("the API key lacks a permission{}; this table needs the scopes {}: tick them in Attio "
                                         "under Workspace settings, Developers, and run again",
                                         says(body), scopes_of(matched))};
  }
  if (response.status == 404) return not_found(matched, body);
  if (body.code == "standard_object_disabled") {
    return {ErrorKind::not_found,
            fmt::format("the standard object \"{}\" is not enabled in this workspace; an admin can enable it in Attio under "
                        "Workspace settings, Objects",
                        matched ? text_of(matched->texts, "object") : "")};
  }
  if (response.status == 400 && !body.code.empty()) {
    return {ErrorKind::bad_data,
            fmt::format("Attio refuses the request with {}{}{}{}{}", body.code, says(body), body.fields.empty() ? "" : " ", body.fields,
                        contains(body.fields, "\"limit\"") ? "; ask for smaller pages with --page-size" : "")};
  }
  return error_of_status(request, response);
}

}  // namespace ingestr::attio
