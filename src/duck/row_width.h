// How wide rows are, which says how many of them fit into memory.
#pragma once

#include <cstdint>
#include <string>

#include "duck/connection.h"

namespace ingestr::duck {

// So many rows are enough to tell.
inline constexpr uint64_t kWidthSampleRows = 1'000;

// About what a row of a SELECT takes as text, in bytes, by the first kWidthSampleRows; 0 when there is none, or when they
// cannot be read: who reads them for good says why. Throws Error(cancelled).
uint64_t row_width(Connection& connection, const std::string& select);

}  // namespace ingestr::duck
