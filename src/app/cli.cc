#include "app/cli.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/flags.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/version.h"

// No library does this: CLI11 2.1 reads `--primary-key= --yes` and `--primary-key --yes` as a key
// named "--yes", does not know
// `-dest-table`, and stops at the first mistake, before it has seen `--progress json` behind it.

namespace ingestr {
namespace {

// A word that is nothing like a key.
bool may_be_shown(std::string_view word) {
  return !word.empty() && word.size() <= 40 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

// An argument that begins with a dash, as `name` and what is behind the first "=".
struct Token {
  std::string_view name;
  std::optional<std::string_view> value;
};

std::optional<Token> as_flag(std::string_view argument) {
  if (argument.size() < 2 || argument.front() != '-') return std::nullopt;
  argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
  const size_t equals = argument.find('=');
  Token token{argument.substr(0, equals), std::nullopt};
  if (equals != std::string_view::npos) token.value = argument.substr(equals + 1);
  return token;
}

bool is_help(const Token& token) {
  return token.name == "help" || token.name == "h";
}

bool is_version(const Token& token) {
  return token.name == "version" || token.name == "v";
}

bool is_known(std::string_view argument) {
  const auto token = as_flag(argument);
  return token && (is_help(*token) || is_version(*token) || find_flag(token->name) != nullptr);
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  CommandLine parse() {
    for (next_ = 0; next_ < arguments_.size();) {
      const std::string& argument = arguments_[next_++];
      if (const auto token = as_flag(argument)) {
        take_flag(*token);
      } else {
        take_word(argument);
      }
    }
    conclude();
    return std::move(line_);
  }

 private:
  void fail(const std::string& text) {
    if (!line_.problem) line_.problem = Error(ErrorKind::usage, text);
  }

  void take_flag(const Token& token) {
    if (is_help(token)) {
      help_ = true;
      return;
    }
    if (is_version(token)) {
      version_ = true;
      return;
    }
    const Flag* flag = find_flag(token.name);
    if (flag == nullptr) return fail_unknown_flag(token.name);
    std::vector<std::string>& values = line_.given[std::string(flag->name)];
    if (token.value) {
      values.emplace_back(*token.value);
    } else if (flag->kind == FlagKind::toggle) {
      values.emplace_back("true");
    } else if (next_ < arguments_.size() && !is_known(arguments_[next_])) {
      values.push_back(arguments_[next_++]);
    } else {
      line_.given.erase(std::string(flag->name));
      fail(fmt::format("--{0} needs a value; write --{0} VALUE or --{0}=VALUE", flag->name));
    }
  }

  void fail_unknown_flag(std::string_view name) {
    if (!may_be_shown(name)) {
      fail(fmt::format("argument {} is no flag of ingestr{}", next_, see_help()));
      return;
    }
    std::vector<std::string> names;
    for (const Flag& flag : flags()) {
      if (!has_flags() || takes(*command_, flag)) names.emplace_back(flag.name);
    }
    const auto meant = closest(name, names);
    fail(meant ? fmt::format("unknown flag --{}; did you mean --{}?", name, *meant)
               : fmt::format("unknown flag --{}{}", name, see_help()));
  }

  void take_word(const std::string& word) {
    if (!command_) {
      command_ = word;
    } else if (*command_ == "help" || *command_ == "h") {
      topic_ = word;
    } else {
      const std::string shown = may_be_shown(word) ? fmt::format("argument \"{}\"", word)
                                                   : fmt::format("argument {}", next_);
      fail(shown + " belongs to no flag; put a value that holds spaces, ? or & in quotes" +
           see_help());
    }
  }

  // Whether the command is known already, and takes flags.
  bool has_flags() const {
    const auto command = command_ ? find_command(*command_) : std::nullopt;
    return command && takes_flags(*command);
  }

  std::string see_help() const {
    return fmt::format("; see `ingestr {} --help`", has_flags() ? *command_ : "ingest");
  }

  // Flags and words are all read: what do they ask for?
  void conclude() {
    const bool is_help_word = command_ == "help" || command_ == "h";
    if (version_) {
      line_.command = Command::version;
    } else if (!command_ && !help_ && (!line_.given.empty() || line_.problem)) {
      fail("no command is given; write `ingestr ingest` in front of the flags");
    } else if (help_ || !command_ || is_help_word) {
      const auto topic = find_command(is_help_word ? topic_ : command_.value_or(""));
      line_.wants_help = topic && takes_flags(*topic);
      line_.command = line_.wants_help ? *topic : Command::help;
    } else if (const auto command = find_command(*command_)) {
      line_.command = *command;
      check_flags();
    } else {
      fail_unknown_command();
    }
    if (version_ || help_) line_.problem.reset();
  }

  // Each flag must be one of the command's.
  void check_flags() {
    if (!takes_flags(line_.command)) {
      if (!line_.given.empty()) fail(*command_ + " takes no flags; leave them out");
      return;
    }
    for (const auto& [name, values] : line_.given) {
      const Flag& flag = *find_flag(name);
      if (takes(*command_, flag)) continue;
      fail(fmt::format("{} takes no --{}, which is for {}{}", *command_, name,
                       fmt::join(split(flag.commands, ' '), ", "), see_help()));
    }
  }

  void fail_unknown_command() {
    std::vector<std::string> names = command_words();
    const auto meant = closest(*command_, names);
    const std::string last = names.back();
    names.pop_back();
    const std::string known = fmt::format("commands are {} and {}", fmt::join(names, ", "), last);
    // A wrong command explains best what follows it.
    line_.problem.reset();
    if (*command_ == "server" || *command_ == "delete") {
      fail(fmt::format("the command {} is not available in version {}; {}", *command_, kVersion,
                       known));
    } else if (!may_be_shown(*command_)) {
      fail("the first argument is no command of ingestr; " + known);
    } else {
      fail(meant ? fmt::format("unknown command \"{}\"; did you mean {}?", *command_, *meant)
                 : fmt::format("unknown command \"{}\"; {}", *command_, known));
    }
  }

  const std::vector<std::string>& arguments_;
  size_t next_ = 0;
  CommandLine line_;
  std::optional<std::string> command_;
  std::string topic_;
  bool help_ = false;
  bool version_ = false;
};

}  // namespace

CommandLine parse_arguments(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

}  // namespace ingestr
