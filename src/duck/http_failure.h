// What goes wrong with files at web servers and object stores, as an Error of ours.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace ingestr::duck {

// What goes wrong with a file that another one has taken the place of.
inline constexpr std::string_view kChanged = "it has changed while it was read; run again";

// Names the address, without what stands behind a "?", for that may be a key; nothing when the message is of no such thing.
std::optional<Error> http_failure(std::string_view message);

// An answer with a status of 400 or more: names it, and what to do. `at` begins the sentence, as in "https://example.com/x.csv: "; `reason` ends
// it, what the server says itself.
Error refused_with(int status, std::string_view at, std::string_view reason = "");

}  // namespace ingestr::duck
