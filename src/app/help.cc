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
  scd2            every state of the row with a --primary-key is kept, with the time when it was so

Schema contracts, of tables that exist and are not replaced:
  evolve          the table gets new columns and wider types
  freeze          they are an error
  discard_row     rows that would need them are left out
  discard_value   values that would need them are left out
)";

constexpr std::string_view kColumns = R"(
Columns (docs/columns.md says more):
  --columns amount:decimal(18,2) gives a type, zip_code:text:zip also a name, name::title only that.
  --mask algorithms: hash md5 hmac:KEY uuid redact fixed:TEXT stars email phone credit_card ssn
  partial:2 first_letter sequential random round:10 range:100 noise:0.1 date_shift:30 year_only
  month_year.
  --schema-naming auto is snake_case, unless the table that is there has the source's names.
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
    if (flag.group == group && takes("ingest", flag)) text += flag_line(flag);
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

// Flags of `ingest` whose variable is not their name in capitals.
std::string odd_variables() {
  std::string text;
  for (const Flag& flag : flags()) {
    if (!takes("ingest", flag)) continue;
    std::string expected;
    for (const char c : flag.name) expected += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    if (flag.variable == expected) continue;
    text += fmt::format("{}{} for --{}", text.empty() ? "" : ", ", flag.variable, flag.name);
  }
  return text;
}

// "--limit and --json": flags that only a variable that begins with INGESTR_ sets.
std::string prefixed_flags(std::string_view command) {
  std::vector<std::string> names;
  for (const Flag& flag : flags()) {
    if (takes(command, flag) && flag.only_prefixed && !flag.refused()) names.push_back(fmt::format("--{}", flag.name));
  }
  if (names.size() < 2) return fmt::format("{}", fmt::join(names, ""));
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

std::string ingest_help() {
  return fmt::format("Load a table, or many by a pattern.\n\nExample:\n{}", kSample) +
         section(FlagGroup::what) + section(FlagGroup::how) + section(FlagGroup::output) +
         std::string(kStrategies) + std::string(kColumns) + refused_section() +
         fmt::format(R"(
Many tables: --source-table '*' is every table that the credentials may read, 'records:*' the
records of every object. A * in --dest-table is the source table's name: 'attio.*' puts
records:companies into attio.records_companies. Without --dest-table it is '*'. A table that fails
does not stop the others; the exit status is then 1.

Each flag can be set by an environment variable instead: --sql-limit by SQL_LIMIT or, stronger, by
INGESTR_SQL_LIMIT; {} only by the longer name. These are not
named like their flags:
  {}
INGESTR_QUIET_PROGRESS=1 leaves out progress lines, NO_COLOR=1 colors.
)",
                     prefixed_flags("ingest"), odd_variables());
}

// Of a command that looks at a source and loads nothing.
std::string look_help(Command command, std::string_view what, std::string_view usage) {
  std::string text = fmt::format("{}\n\nUsage:\n  ingestr {} {}\n\nFlags:\n", what,
                                 to_string(command), usage);
  for (const Flag& flag : flags()) {
    if (takes(to_string(command), flag)) text += flag_line(flag);
  }
  return text + fmt::format(R"(
Each flag can be set by an environment variable instead: --source-uri by SOURCE_URI or, stronger, by
INGESTR_SOURCE_URI; {} only by the longer name. Messages go to stderr.
)",
                            prefixed_flags(to_string(command)));
}

}  // namespace

std::string help_text() {
  return fmt::format(
      R"(ingestr {} copies tables from a source to a destination.

Usage:
  ingestr ingest --source-uri URI --source-table TABLE --dest-uri URI [--dest-table TABLE] [FLAGS]

Example:
{}
Commands:
  ingest          load a table, or many; `ingestr ingest --help` shows its flags
  check           are the source's credentials good, whose are they, what may they read
  tables          list the tables of a source, and which of them may be read
  preview         show the first rows of a table
  example-uris    list the schemes that a URI can have, with an example of each
  help            show this text

  -h, --help      show help
  -v, --version   show the version

Exit status: 0 success, 1 the run failed, 2 wrong usage, 130 interrupted.
)",
      kVersion, kSample);
}

std::string command_help_text(Command command) {
  switch (command) {
    case Command::ingest:
      return ingest_help();
    case Command::check:
      return look_help(command,
                       "Ask the source in one request whether the credentials are good, whose they "
                       "are and what\nthey may read.",
                       "--source-uri URI [--json]");
    case Command::tables:
      return look_help(command,
                       "List every table that can be asked for, with its key, the permissions that "
                       "it needs, and whether\nthe credentials have them.",
                       "--source-uri URI [--json]");
    case Command::preview:
      return look_help(command, "Show the first rows of a table. Nothing is loaded.",
                       "--source-uri URI --source-table TABLE [--limit N] [--json]");
    case Command::help:
    case Command::version:
    case Command::example_uris:
      break;
  }
  return help_text();
}

}  // namespace ingestr
