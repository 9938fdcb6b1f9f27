// What helps where a row breaks a constraint of the table that a step changes.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "engine/step.h"

namespace ingestr {

// `fault`: what the Error says.
std::string_view remedy_of(const Step& step, std::string_view fault);

// Runs `work`, which does `step`; an Error(constraint) on its way out also says what helps.
template <class Work>
void with_remedy(const Step& step, Work&& work) {
  try {
    std::forward<Work>(work)();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::constraint) throw;
    throw Error(error.kind(), std::string(error.what()) + "; " + std::string(remedy_of(step, error.what())) + ", or drop the constraint");
  }
}

}  // namespace ingestr
