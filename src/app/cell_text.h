// Text of any kind as one cell of a table in a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ingestr {

// `text` with nothing in it that a terminal would obey or that would turn the line around: control
// characters, line ends and marks of direction become "\n", "\x1b", "\u202e"; bytes that are no
// UTF-8 become U+FFFD.
std::string visible(std::string_view text);

// The columns that visible text takes: two for a wide character (CJK, emoji), none for a combining
// one. A sequence that some terminals draw as one emoji counts as its parts.
size_t display_width(std::string_view text);

// As much of visible text as fits into `columns`, which is at least 1; "…" at its end when
// something was cut.
std::string cut_to_width(std::string_view text, size_t columns);

}  // namespace ingestr
