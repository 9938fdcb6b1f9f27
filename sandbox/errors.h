// The API's error bodies. Status, type and code are its contract; the sentences are ours.
#pragma once

#include <string>
#include <string_view>

#include "exchange.h"

namespace sandbox {

Reply error_reply(int status, std::string_view type, std::string_view code,
                  std::string_view message);

Reply unauthorized(std::string_view message);                       // 401
Reply missing_scope(std::string_view scope);                        // 403
Reply not_found(std::string_view message);                          // 404
Reply no_endpoint(std::string_view method, std::string_view path);  // 404
Reply filter_error(std::string_view message);                       // 400
Reply standard_object_disabled();                                   // 400

// 400 with one entry of `validation_errors`: `error` is its JSON object.
Reply invalid_body(std::string_view error);

// The same for the query string, and for one rule that a whole request breaks.
Reply invalid_parameters(std::string_view error);
Reply invalid_request(std::string_view message);

// 429. `retry_after` is the header's value.
Reply rate_limited(std::string retry_after);

// An error by status alone, as a fault or a proxy in front of the API would give it.
Reply plain_error(int status);
Reply html_page(int status);

}  // namespace sandbox
