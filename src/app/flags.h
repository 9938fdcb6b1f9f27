// Every flag of every command, as a table of data.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

enum class FlagKind {
  text,
  count,   // a whole number, 0 or more
  toggle,  // true or false; without a value: true
  list,    // may be given several times, and with commas
};

// The heading under which --help shows a flag.
enum class FlagGroup { what, how, output, refused };

struct Flag {
  std::string_view name;      // "source-uri"
  std::string_view variable;  // "SOURCE_URI"
  FlagKind kind = FlagKind::text;
  FlagGroup group = FlagGroup::refused;
  std::string_view value_name;    // "URI", for --help; empty for a toggle
  std::string_view default_text;  // empty: none
  // What it does; of a refused one: why this version has not got it, and what to do instead.
  std::string_view help;
  bool only_prefixed = false;  // only INGESTR_<variable> is read
  bool secret = false;         // its value may hold a key
  // Of a refused flag: values that ask for what happens anyway, in lower case. Empty text and
  // `false` always do.
  std::string_view harmless = {};           // separated by spaces
  std::string_view commands = "ingest";  // that take it, separated by spaces

  bool refused() const { return group == FlagGroup::refused; }
};

// In the order in which --help shows them.
std::span<const Flag> flags();

// The flag of that name; nullptr when there is none. Lives for ever.
const Flag* find_flag(std::string_view name);

// Whether a command, by its name, takes the flag.
bool takes(std::string_view command, const Flag& flag);

// The environment variables that stand for a flag, the stronger one first. INGESTR_<variable> is
// meant for this program alone, so it wins over <variable>, which other programs may read too.
std::vector<std::string> variables_of(const Flag& flag);

}  // namespace ingestr
