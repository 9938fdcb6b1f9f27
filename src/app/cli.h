// The command line, taken apart.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "base/error.h"

namespace ingestr {

// The values of each flag that was given, in order, by its name without dashes. A toggle without a
// value has "true".
using GivenFlags = std::map<std::string, std::vector<std::string>, std::less<>>;

struct CommandLine {
  Command command = Command::help;
  bool wants_help = false;  // not to do it, but to see how; only of commands that take flags
  GivenFlags given;
  // The first thing that is wrong, Error(usage). Reading went on behind it, so that `given` has all
  // that was understood: a wrong command line with `--progress json` still gets its `end` event.
  std::optional<Error> problem;
};

// Reads the arguments behind the program's name. Flags and the command may come in any order.
// `--name value`,
// `--name=value` and both with a single dash are the same; a value that is itself a flag's name has
// to be given with "=". -h, --help, -v and --version win over everything else. What is repeated in
// `problem` can hardly be a key.
CommandLine parse_arguments(const std::vector<std::string>& arguments);

}  // namespace ingestr
