// What --help says.
#pragma once

#include <string>

#include "app/command.h"

namespace ingestr {

std::string help_text();  // of the program

// Of a command: every flag that it takes, from the table in app/flags.cc. Of one that takes none
// the program's.
std::string command_help_text(Command command);

}  // namespace ingestr
