// How text is written that may become a value of a type without loss: numbers as JSON writes them, times as ISO 8601 does.
#pragma once

#include <string>

#include "data/schema.h"

namespace ingestr {

// A regular expression of the whole text, in what RE2, PostgreSQL and PCRE have in common; empty: no text may.
std::string text_pattern(const Type& type);

}  // namespace ingestr
