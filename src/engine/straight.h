// Straight: rows that are written as they come, without a landing table that steps could be done to.
#pragma once

#include <vector>

#include "engine/relation.h"
#include "engine/step.h"

namespace ingestr {

// The rows as they are once the steps are done to their table, which can only be what Plan::straight says.
Relation with_steps(Relation rows, const std::vector<Step>& steps);

}  // namespace ingestr
