// What Attio answers: a page of rows, or an error body.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/client.h"
#include "http/page.h"

namespace ingestr::attio {

// Takes `{"data": [row, …]}` apart. A row is known by its `id`, whatever the order of its members; one without an id
// by its whole text. `body` is one whole JSON value with 64 spare bytes behind it, as HttpResponse has it. Throws
// Error(bad_data) when there is no such array or an element is no object.
Page parse_page(std::string body);

// The Error for an answer of 400 or more, by Attio's own `code`: says what is wrong with the key, the object, the
// list or the request, and what to do.
Error to_error(const HttpRequest& request, const HttpResponse& response);

}  // namespace ingestr::attio
