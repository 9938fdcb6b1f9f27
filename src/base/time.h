// Dates and times as text: strict ISO 8601 for data, RFC 9110 HTTP-dates for headers. No guessing anywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace ingestr {

// A point in time as it was written.
struct Timestamp {
  int64_t micros = 0;       // since 1970-01-01T00:00:00; in UTC when `zoned`, else in the writer's own time
  bool zoned = false;       // a "Z" or an offset was given
  bool exact = true;        // false: non-zero digits below the microsecond were cut off (towards the past)
};

// `YYYY-MM-DD`, a date that exists, of the years 1 to 9999: days since 1970-01-01. Nothing otherwise.
std::optional<int32_t> parse_iso_date(std::string_view text);

// `YYYY-MM-DD(T| )HH:MM[:SS[.f…]][Z|±HH:MM|±HHMM|±HH]` with a date and a time that exist, of the years 1 to 9999, in UTC too when
// zoned. Nothing otherwise.
std::optional<Timestamp> parse_iso_timestamp(std::string_view text);

// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7, IMF-fixdate). Nothing otherwise.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// `2026-11-24T07:05:09.123456Z`
std::string format_iso(SystemTime time);

}  // namespace ingestr
