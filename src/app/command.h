// What can be asked for in front of the flags.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

enum class Command { help, version, example_uris, ingest, check, tables, preview };

// Of a word as it is typed: "ingest". Nothing when there is no such command; `version` has no word.
std::optional<Command> find_command(std::string_view word);
std::string_view to_string(Command command);

// All words, in the order in which help shows them.
std::vector<std::string> command_words();

// Whether it takes flags, and so has a help of its own.
bool takes_flags(Command command);

}  // namespace ingestr
