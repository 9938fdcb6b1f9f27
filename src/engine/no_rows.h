// No rows: what is to be done when a source gives no row and does not say which columns its rows would have.
#pragma once

#include "data/schema.h"
#include "engine/destination.h"
#include "engine/job.h"
#include "engine/strategy.h"

namespace ingestr {

// The columns that no rows are taken to have, so that the strategy does with them what it does with none: those of a
// target that exists. No column: there is nothing to do. Throws Error(bad_data) where that would leave old rows in the
// target, or no table, as if they were this run's, unless the job allows it: for replace, and for scd2 when all rows were
// asked for.
Schema columns_of_no_rows(const Job& job, const PlanFacts& facts, Destination& destination);

}  // namespace ingestr
