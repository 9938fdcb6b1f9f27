// UTF-8, character by character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ingestr {

// The length of the character that `text` begins with; 0 when it does not begin with one
// (Unicode 15.0, table 3-7).
size_t utf8_length(std::string_view text);

// Whether all of it is UTF-8.
bool is_utf8(std::string_view text);

// The number of that character, which has to be there.
char32_t utf8_first(std::string_view text);

// How many there are in valid UTF-8.
size_t utf8_characters(std::string_view text);

// Adds the character of that number.
void append_utf8(std::string& text, char32_t character);

// U+FFFD, in the place of what is no character.
inline constexpr std::string_view kUtf8Replacement = "\xEF\xBF\xBD";

}  // namespace ingestr
