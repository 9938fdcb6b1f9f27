// History: the values that an attribute had before, in the form of show_historic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "values.h"

namespace sandbox {

// `[…]` without its brackets, taken apart.
std::vector<std::string> split_values(std::string_view text);

// Oldest first, each closed by the next, the last one by the time the row was last changed; none
// for most. Only what changed after the row was made has any: `current`, the values it has now, tells.
std::vector<std::string> earlier_values(const Column& column, const Row& row, uint64_t seed,
                                        const std::vector<std::string>& current);

}  // namespace sandbox
