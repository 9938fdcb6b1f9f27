// The outside world as one argument: what a connector may use while it works.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "base/counters.h"
#include "base/environment.h"
#include "base/log.h"
#include "base/secrets.h"
#include "http/client.h"

namespace ingestr {

// References outlive every connector opened with them.
struct Context {
  Clock& clock;
  const Environment& environment;
  Logger& log;
  Counters& counters;
  Secrets& secrets;          // connectors add what they find in URIs and in the environment
  std::stop_token stop;      // the user asked to stop
  // Makes the lowest HTTP client. Empty: libcurl.
  std::function<std::unique_ptr<HttpClient>()> transport;
  // Descriptors of what a pipe brings and takes, where a URI names them: csv://-
  int standard_input = 0;
  int standard_output = 1;
};

}  // namespace ingestr
