// Reads batches back as text, for expectations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/batch.h"

namespace ingestr {

using Cells = std::vector<std::optional<std::string>>;

// One column's cells, top to bottom: text as it is, numbers, dates and times as integers or shortest decimals,
// booleans as 0 and 1, decimals as digits without the point, lists in brackets; nothing for NULL. Fails the test when the array is not valid Arrow.
Cells cells(Batch& batch, size_t column);

}  // namespace ingestr
