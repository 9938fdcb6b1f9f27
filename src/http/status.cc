#include "http/status.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ingestr {
namespace {

constexpr size_t kBodyShown = 200;

}  // namespace

ErrorKind kind_of_status(int status) {
  if (status == 401 || status == 403 || status == 407) return ErrorKind::auth;
  if (status == 404 || status == 410) return ErrorKind::not_found;
  if (status == 408 || status == 425 || status >= 500) return ErrorKind::unavailable;
  if (status == 429) return ErrorKind::rate_limited;
  return ErrorKind::bad_data;
}

bool is_markup(std::string_view body) {
  return trim(body.substr(0, 1024)).starts_with('<');
}

Error error_of_status(const HttpRequest& request, const HttpResponse& response) {
  std::string text = fmt::format("{} answered with status {}", describe(request), response.status);
  const std::string_view body = trim(response.body);
  if (is_markup(body)) {
    text += " and a web page";
  } else if (!body.empty()) {
    text += ": " + shorten(body, kBodyShown);
  }
  return Error(kind_of_status(response.status), text);
}

}  // namespace ingestr
