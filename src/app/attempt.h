// What becomes of a piece of work, and the exit status that says so.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>

#include "app/report.h"
#include "base/error.h"

namespace ingestr {

enum ExitStatus { kSuccess = 0, kFailed = 1, kWrongUsage = 2, kInterrupted = 130 };

// Of work that failed so. Whatever breaks while we stop breaks because we stop.
int exit_status(ErrorKind kind, const std::stop_token& stop);

// Runs `work`; the one place where errors are caught for good. Nothing: all went well. Work that
// was cancelled has failed with the text `when_interrupted`, unless it has more to say of that itself.
std::optional<Failure> attempt(const std::function<void()>& work,
                               std::string_view when_interrupted);

}  // namespace ingestr
