// How the rows of a run meet those of earlier runs: strategy, keys, interval.
#pragma once

#include "app/settings.h"
#include "engine/job.h"

namespace ingestr {

// Throws Error(usage) for what a strategy cannot do without or does not take, and for an interval
// that is no interval; Error(unsupported) for a strategy that this version does not have.
void set_increment(Job& job, const Settings& settings);

}  // namespace ingestr
