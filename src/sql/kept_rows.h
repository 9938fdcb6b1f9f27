// Rows that are there still when they were deleted, because the table has a trigger or a rule for that: the new ones would be beside them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace ingestr {

// Behind a `DELETE FROM … WHERE …`, whose words it takes to look whether such a row is left. Throws Error(unsupported) that says what to do.
// `count`: the one number of a SELECT.
void require_gone(const std::string& deletion, const std::function<uint64_t(const std::string& select)>& count);

}  // namespace ingestr
