// What Attio answers: a page of rows, or an error body.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/client.h"
#include "http/page.h"

namespace ingestr::attio {

// An answer taken apart.
struct Answer {
  Page page;
  std::string next_cursor;  // empty: there is none
};

// Takes `{"data": [row, …], "pagination": {"next_cursor": …}}` apart. `rows` says where the rows are ("/data",
// "/data/comments", "" for the body itself): an array of objects, or, where the row is `single`, one object. A row is known
// by its `id`, whatever the order of its members; one without an id by its whole text. `body` is one whole JSON value.
// Throws Error(bad_data) when something else stands at that place.
Answer parse_answer(std::string body, const std::string& rows, bool single = false);

// What stands at `pointer` (RFC 6901) in a row, if it is a text; empty otherwise.
std::string text_at(const PageRow& row, const std::string& pointer);
// The JSON text there; empty when there is none.
std::string raw_at(const PageRow& row, const std::string& pointer);
// Whether `text` stands at `pointer` in a row, or is in the array there.
bool holds(const PageRow& row, const std::string& pointer, std::string_view text);

// Attio's `code` in an error body, e.g. "validation_type"; empty when it has none.
std::string error_code(const std::string& body);

// The Error for an answer of 400 or more, by Attio's own `code`: says what is wrong with the key, the object, the
// list or the request, and what to do.
Error to_error(const HttpRequest& request, const HttpResponse& response);

}  // namespace ingestr::attio
