// The outside world as HTTP code sees it; tests bring their own.
#pragma once

#include <stop_token>

#include "base/clock.h"
#include "base/counters.h"
#include "base/environment.h"
#include "base/log.h"

namespace ingestr {

// Copied into every client; what it refers to outlives them all.
struct HttpServices {
  Clock& clock;
  const Environment& environment;
  Logger& log;
  Counters& counters;
  std::stop_token stop;  // the user asked to stop: whatever waits throws Error(cancelled)
};

}  // namespace ingestr
