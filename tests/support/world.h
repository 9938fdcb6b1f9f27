// A Context whose every part belongs to the test.
#pragma once

#include <stop_token>

#include "base/counters.h"
#include "base/environment.h"
#include "base/secrets.h"
#include "engine/context.h"
#include "support/fake_clock.h"
#include "support/fake_log.h"

namespace ingestr {

struct World {
  FakeClock clock;
  MapEnvironment environment;
  FakeLog log;
  Counters counters;
  Secrets secrets;
  std::stop_source stop;

  Context context() { return {clock, environment, log, counters, secrets, stop.get_token(), {}}; }
};

}  // namespace ingestr
