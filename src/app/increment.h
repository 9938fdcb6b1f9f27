// How the rows of a run meet those of earlier runs: strategy, keys, interval, contract.
#pragma once

#include "app/settings.h"
#include "engine/job.h"

namespace ingestr {

// Throws Error(usage) for a name that is no strategy's or contract's, for what a strategy cannot do
// without or does not take, and for an interval that is no interval. Whether a primary key is
// missing shows when the table is known, which may declare one.
void set_increment(Job& job, const Settings& settings);

}  // namespace ingestr
