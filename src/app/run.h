// The whole program but what belongs to the process: tests call it like a function.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/catalog.h"
#include "app/report.h"
#include "app/usage.h"
#include "base/clock.h"
#include "base/environment.h"
#include "http/client.h"

namespace ingestr {

// The outside of the program.
struct Outside {
  const Catalog& catalog;
  const Environment& environment;
  Clock& clock;
  Output output;
  std::function<Usage()> usage = process_usage;
  std::stop_token stop;                                    // the user asked to stop
  std::function<std::unique_ptr<HttpClient>()> transport;  // see Context
};

// Does what the arguments (without the program's name) ask for and returns the exit status: 0
// success, 1 the run failed, 2 wrong usage (also what this version cannot do), 130 interrupted.
// Throws nothing. Prints what goes wrong to stderr as one line.
int run(const std::vector<std::string>& arguments, const Outside& outside);

}  // namespace ingestr
