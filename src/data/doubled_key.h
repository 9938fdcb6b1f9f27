// What is said of a row whose key the target has already.
#pragma once

#include <string_view>

#include "base/error.h"

namespace ingestr {

// `key` as in "id: 5"; empty: the database does not tell who may not see all rows. Of the kind constraint: what to do next is for the one to
// say who knows what was tried.
Error key_is_there(std::string_view key);
// Whether the text of an Error is of one.
bool says_key_is_there(std::string_view text);

}  // namespace ingestr
