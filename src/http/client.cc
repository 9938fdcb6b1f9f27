#include "http/client.h"

#include <algorithm>

#include "base/text.h"

namespace ingestr {

std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::string describe(const HttpRequest& request) {
  std::string url = request.url.substr(0, request.url.find_first_of("?#"));
  if (const size_t scheme = url.find("://"); scheme != std::string::npos) {
    const size_t authority = scheme + 3;
    const size_t path = std::min(url.find('/', authority), url.size());
    // The last '@' of the authority, as RFC 3986 allows no other one there, but people do.
    const size_t at = url.rfind('@', path);
    if (at != std::string::npos && at >= authority && at < path) {
      url.erase(authority, at + 1 - authority);
    }
  }
  return request.method + " " + url;
}

}  // namespace ingestr
