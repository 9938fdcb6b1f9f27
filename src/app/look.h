// The commands that look at a source and load nothing: check, tables, preview.
#pragma once

#include "app/cli.h"
#include "app/run.h"
#include "base/secrets.h"

namespace ingestr {

// Prints what was asked for to stdout once it is complete, messages and errors to stderr, and
// returns the exit status. With --json stdout has one JSON value: an object of `check` (also when
// the check fails), an array of the others.
int look(const CommandLine& line, const Outside& outside, Secrets& secrets);

}  // namespace ingestr
