// Points in time as text: Attio's nanosecond UTC form, HTTP dates, and back. Times are milliseconds
// since 1970, as Attio's own values carry three meaningful digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

using Milliseconds = int64_t;

inline constexpr Milliseconds kSecond = 1000, kMinute = 60 * kSecond, kDay = 1440 * kMinute;

// When the sandbox's workspace was made: what all of its own times count from.
inline constexpr Milliseconds kWorkspaceStart = 1739174411204;  // 2025-02-10T08:00:11.204Z

inline constexpr int kTimestampLength = 30;

// Writes 30 characters, "2026-03-04T09:15:22.417000000Z", without a final zero.
void write_timestamp(Milliseconds time, char* out);

std::string timestamp_text(Milliseconds time);

// "Tue, 07 Jul 2026 10:20:31 GMT"; fractions of a second are dropped.
std::string http_date(Milliseconds time);

// Reads "2026-03-04T09:15:22Z" with up to nine fractional digits (those below a millisecond are
// dropped). Nothing for any other form: Attio demands date, time and the Z.
std::optional<Milliseconds> parse_timestamp(std::string_view text);

}  // namespace sandbox
