// A connection URI: `scheme://authority/path?name=value&…`, taken apart but not interpreted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ingestr {

struct Uri {
  std::string scheme;  // lower case
  std::string rest;    // all between "://" and "?", still percent-encoded
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded, in the order given
  std::string query;   // the same as they are written: all behind the "?"

  // The value of a parameter; nothing when it was not given. Names are compared as written.
  std::optional<std::string> parameter(std::string_view name) const;
};

// Throws Error(usage) when there is no "://"; the message never repeats the text, which may hold a secret.
// Parameters are decoded as form data (RFC 3986 percent-encoding, '+' is a space).
Uri parse_uri(std::string_view text);

// Parses `a=1&b=2` as the part of a URI after "?".
std::vector<std::pair<std::string, std::string>> parse_parameters(std::string_view text);

// Of an address of the web, http:// or https://, what stands in front of its query, which may be a key; all of anything else.
std::string_view without_query(std::string_view address);

// Everything but RFC 3986's unreserved characters becomes %XX, '/' included: fit for one path segment.
std::string percent_encode(std::string_view text);

// %XX becomes its byte; a '%' without two hex digits stays as it is.
std::string percent_decode(std::string_view text);

}  // namespace ingestr
