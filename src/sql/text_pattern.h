// How text is written that may become a value of a type without loss: numbers as JSON writes them, times as ISO 8601 does.
#pragma once

#include <string>
#include <string_view>

#include "data/schema.h"
#include "sql/dialect.h"

namespace ingestr {

// A regular expression of the whole text, in what RE2, PostgreSQL and PCRE have in common; empty: no text may.
std::string text_pattern(const Type& type);

// A condition: `value`, of the type and made of `text`, has all its digits: no more than the type always holds, or the database
// writes it as the text does.
std::string keeps_digits(const std::string& text, const Type& type, const std::string& value, const Dialect& dialect);

// The least number above 0 of which a REAL or DOUBLE has all digits, in SQL; nearer to 0 it has fewer, and then none.
std::string_view least_whole(const Type& type);

}  // namespace ingestr
