#include "app/command.h"

#include <array>

namespace ingestr {
namespace {

struct Word {
  std::string_view text;
  Command command;
};

constexpr std::array kWords = {
    Word{"ingest", Command::ingest},
    Word{"check", Command::check},
    Word{"tables", Command::tables},
    Word{"preview", Command::preview},
    Word{"example-uris", Command::example_uris},
    Word{"help", Command::help},
};

}  // namespace

std::optional<Command> find_command(std::string_view word) {
  for (const Word& known : kWords) {
    if (known.text == word) return known.command;
  }
  return std::nullopt;
}

std::string_view to_string(Command command) {
  for (const Word& known : kWords) {
    if (known.command == command) return known.text;
  }
  return "version";
}

std::vector<std::string> command_words() {
  std::vector<std::string> words;
  for (const Word& known : kWords) words.emplace_back(known.text);
  return words;
}

bool takes_flags(Command command) {
  return command == Command::ingest || command == Command::check || command == Command::tables ||
         command == Command::preview;
}

}  // namespace ingestr
