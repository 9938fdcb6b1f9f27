#include "sources/attio/answer.h"

#include <xxhash.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "http/status.h"
#include "simdjson.h"
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
  if (!match) return "the scopes of its table";
  return fmt::format("{}", fmt::join(split(match->endpoint->scopes, ' '), " and "));
}

Error not_found(const std::optional<Match>& match, const ErrorBody& body) {
  if (match && match->endpoint->argument_is == "object") {
    return {ErrorKind::not_found,
            fmt::format("this workspace has no object \"{}\"{}; load the table objects to see the slugs and ids there are",
                        match->argument, says(body))};
  }
  if (match && match->endpoint->argument_is == "list") {
    return {ErrorKind::not_found,
            fmt::format("this workspace has no list \"{}\" that the API key can see{}; load the table lists to see the slugs "
                        "and ids there are",
                        match->argument, says(body))};
  }
  return {ErrorKind::not_found,
          fmt::format("Attio does not know this address{}; check base_url in --source-uri", says(body))};
}

}  // namespace

Page parse_page(std::string text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);  // nothing to do for a body that came by HTTP
  Page page;
  page.body = std::make_unique<const std::string>(std::move(text));
  const std::string& body = *page.body;
  try {
    od::parser parser;
    od::document document =
        parser.iterate(simdjson::padded_string_view(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING));
    od::array data;
    if (document["data"].get_array().get(data) != simdjson::SUCCESS) {
      throw Error(ErrorKind::bad_data,
                  fmt::format("Attio answered without a \"data\" array: {}; it may have changed its API, or base_url in "
                              "--source-uri points at something else",
                              shorten(body, kShownBytes)));
    }
    for (od::value element : data) page.rows.push_back(read_row(element));
  } catch (const simdjson::simdjson_error& error) {
    throw Error(ErrorKind::bad_data, fmt::format("Attio answered with a page that cannot be read ({}): {}", error.what(),
                                                 shorten(body, kShownBytes)));
  }
  return page;
}

Error to_error(const HttpRequest& request, const HttpResponse& response) {
  const ErrorBody body = read_error(response.body);
  const std::optional<Match> matched = match(request);
  if (response.status == 401) {
    return {ErrorKind::auth, fmt::format("Attio refuses the API key{}; check api_key in --source-uri or ATTIO_API_KEY; keys "
                                         "are made in Attio under Workspace settings, Developers",
                                         says(body))};
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
                        matched ? matched->argument : "")};
  }
  if (response.status == 400 && !body.code.empty()) {
    return {ErrorKind::bad_data,
            fmt::format("Attio refuses the request with {}{}{}{}", body.code, says(body), body.fields.empty() ? "" : " ",
                        body.fields)};
  }
  return error_of_status(request, response);
}

}  // namespace ingestr::attio
