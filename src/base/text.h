// Small things done to strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

std::string to_lower(std::string_view text);               // ASCII letters only
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII letters only
bool contains(std::string_view text, std::string_view part);
std::string_view trim(std::string_view text);              // ASCII white space
std::vector<std::string> split(std::string_view text, char separator);  // "" gives one empty part

// The number that `text` begins with: 12 of "12 rows"; nothing: there is none, or it is too large.
std::optional<uint64_t> leading_number(std::string_view text);

// At most `bytes` bytes of `text`, cut between UTF-8 characters, "…" added when something was cut; control
// characters become spaces. For values and foreign messages in errors.
std::string shorten(std::string_view text, size_t bytes);

std::string group_digits(uint64_t number);                 // 1234567 -> "1,234,567"
std::string human_bytes(uint64_t bytes);                   // 1536000 -> "1.5 MB" (powers of ten)

}  // namespace ingestr
