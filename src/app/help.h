// What --help says.
#pragma once

#include <string>

namespace ingestr {

std::string help_text();         // of the program
std::string ingest_help_text();  // of `ingest`: every flag, from the table in app/flags.cc

}  // namespace ingestr
