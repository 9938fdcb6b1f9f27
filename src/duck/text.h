// Quoting as standard SQL, and so DuckDB, has it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ingestr::duck {

inline constexpr size_t kShownValueBytes = 60, kShownLineBytes = 80;  // of a value, of a line of text, in an error

// Both throw Error(unsupported) for a NUL byte: SQL travels as a C string, and what is behind one
// would be cut off.
// "a""b"; an empty name is Error(unsupported) as well.
std::string quote_name(std::string_view name);
// 'it''s'
std::string quote_text(std::string_view text);

// A pattern for names of files that only `text` fits: in it *, ? and [ stand for themselves.
std::string without_pattern(std::string_view text);

}  // namespace ingestr::duck
