#include "app/help.h"

#include <fmt/format.h>

#include "app/flags.h"
#include "base/version.h"

namespace ingestr {
namespace {

constexpr std::string_view kSample = R"(  ingestr ingest \
    --source-uri 'Attio://?api_key=key_123' \
    --source-table 'objects' \
    --dest-uri duckdb:///attio.duckdb \
    --dest-table 'dest.objects'
)";

constexpr std::string_view kStrategies = R"(
Strategies, each all or nothing:
  replace         this run's rows take the place of the old ones; with --primary-key one of each key
  append          this run's rows are added
  merge           rows with a known --primary-key are updated, others added; no row goes
  delete+insert   rows in the interval, or in the loaded --incremental-key's range, are replaced
)";

std::string title(FlagGroup group) {
  switch (group) {
    case FlagGroup::what:
      return "From where to where:";
    case FlagGroup::how:
      return "How:";
    case FlagGroup::output:
      return "What is printed:";
    case FlagGroup::refused:
      return "Known, but not available in version " + std::string(kVersion) + " (refused by name):";
  }
  return "";
}

std::string flag_line(const Flag& flag) {
  std::string usage = fmt::format("--{}", flag.name);
  if (!flag.value_name.empty()) usage += fmt::format(" {}", flag.value_name);
  return fmt::format("  {:<29} {}\n", usage, flag.help);
}

std::string section(FlagGroup group) {
  std::string text = "\n" + title(group) + "\n";
  for (const Flag& flag : flags()) {
    if (flag.group == group) text += flag_line(flag);
  }
  return text;
}

// The names alone, some to a line: what to do instead is said when one is used.
std::string refused_section() {
  std::string text = "\n" + title(FlagGroup::refused) + "\n";
  std::string line;
  for (const Flag& flag : flags()) {
    if (!flag.refused()) continue;
    if (line.size() + flag.name.size() > 90) {
      text += "  " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(flag.name);
  }
  return text + "  " + line + "\n";
}

// Flags whose variable is not their name in capitals.
std::string odd_variables() {
  std::string text;
  for (const Flag& flag : flags()) {
    std::string expected;
    for (const char c : flag.name) expected += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    if (flag.variable == expected) continue;
    text += fmt::format("{}{} for --{}", text.empty() ? "" : ", ", flag.variable, flag.name);
  }
  return text;
}

}  // namespace

std::string help_text() {
  return fmt::format(
      R"(ingestr {} copies one table from a source to a destination.

Usage:
  ingestr ingest --source-uri URI --source-table TABLE --dest-uri URI [--dest-table TABLE] [FLAGS]

Example:
{}
Commands:
  ingest          load a table; `ingestr ingest --help` shows its flags
  example-uris    list the schemes that a URI can have, with an example of each
  help            show this text

  -h, --help      show help
  -v, --version   show the version

Exit status: 0 success, 1 the run failed, 2 wrong usage, 130 interrupted.
)",
      kVersion, kSample);
}

std::string ingest_help_text() {
  return fmt::format("Load one table.\n\nExample:\n{}", kSample) + section(FlagGroup::what) +
         section(FlagGroup::how) + section(FlagGroup::output) + std::string(kStrategies) +
         refused_section() +
         fmt::format(R"(
Each flag can be set by an environment variable instead: --sql-limit by SQL_LIMIT or, stronger, by
INGESTR_SQL_LIMIT. These are not named like their flags:
  {}
INGESTR_QUIET_PROGRESS=1 leaves out progress lines, NO_COLOR=1 colors.
)",
                     odd_variables());
}

}  // namespace ingestr
