#include "errors.h"

#include <fmt/core.h>

#include "json_writer.h"

namespace sandbox {
namespace {

constexpr std::string_view kBadRequest = "invalid_request_error";

Reply with_errors(Reply reply, std::string_view error) {
  reply.body.pop_back();
  reply.body += fmt::format(R"(,"validation_errors":[{}]}})", error);
  return reply;
}

}  // namespace

Reply error_reply(int status, std::string_view type, std::string_view code,
                  std::string_view message) {
  Reply reply;
  reply.status = status;
  reply.body = fmt::format(R"({{"status_code":{},"type":"{}","code":"{}","message":{}}})", status,
                           type, code, json_string(message));
  return reply;
}

Reply unauthorized(std::string_view message) {
  return error_reply(401, "auth_error", "unauthorized", message);
}

Reply missing_scope(std::string_view scope) {
  return error_reply(403, "auth_error", "unauthorized",
                     fmt::format("The token lacks the scope {}.", scope));
}

Reply not_found(std::string_view message) {
  return error_reply(404, kBadRequest, "not_found", message);
}

Reply no_endpoint(std::string_view method, std::string_view path) {
  return not_found(fmt::format("Could not find endpoint \"{} {}\".", method, path));
}

Reply filter_error(std::string_view message) {
  return error_reply(400, kBadRequest, "filter_error", message);
}

Reply standard_object_disabled() {
  return error_reply(400, kBadRequest, "standard_object_disabled",
                     "The standard object must be enabled by an admin before use.");
}

Reply invalid_request(std::string_view message) {
  return error_reply(400, kBadRequest, "validation_type", message);
}

Reply invalid_body(std::string_view error) {
  return with_errors(invalid_request("Body payload validation error."), error);
}

Reply invalid_parameters(std::string_view error) {
  return with_errors(invalid_request("Query parameter validation error."), error);
}

Reply rate_limited(std::string retry_after) {
  Reply reply = error_reply(429, "rate_limit_error", "rate_limit_exceeded",
                            "Too many requests; retry once the limit has reset.");
  reply.headers.emplace_back("Retry-After", std::move(retry_after));
  return reply;
}

Reply plain_error(int status) {
  if (status == 401) return unauthorized("No such API key; it may have been revoked.");
  if (status == 403) return missing_scope("record_permission:read");
  if (status == 404) return not_found("Not found.");
  return status < 500
             ? error_reply(status, kBadRequest, "validation_type", "The request was not accepted.")
             : error_reply(status, "api_error", "internal_error",
                           "Something went wrong on our side.");
}

Reply html_page(int status) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/html; charset=UTF-8";
  reply.body = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>{0}</title></head>\n<body><h1>Error {0}</h1>\n"
      "<p>The server is not able to answer at the moment. Try again later.</p></body></html>\n",
      status);
  return reply;
}

}  // namespace sandbox
