// What an HTTP status means when nothing more is known.
#pragma once

#include "base/error.h"
#include "http/client.h"

namespace ingestr {

// Of an answer of 300 or more by its status alone (RFC 9110 section 15): 401, 403 and
// 407 auth, 404 and 410 not_found, 408, 425 and 5xx unavailable, 429 rate_limited, others bad_data.
ErrorKind kind_of_status(int status);

// The Error for such an answer. Its text is `POST /v2/x answered with status 500: {"message":"oops"}`: at most 200 bytes of the
// body, none of HTML.
Error error_of_status(const HttpRequest& request, const HttpResponse& response);

// Whether a body is a web page: what stands between us and the server (a proxy, a CDN, a captive
// portal) sends these.
bool is_markup(std::string_view body);

}  // namespace ingestr
