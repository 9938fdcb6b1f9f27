#include "app/help.h"

#include <sstream>

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(Help, OfTheProgram) {
  EXPECT_EQ(help_text(), R"help(ingestr 0.1.0 copies tables from a source to a destination.

Usage:
  ingestr ingest --source-uri URI --source-table TABLE --dest-uri URI [--dest-table TABLE] [FLAGS]

Example:
  ingestr ingest \
    --source-uri 'Attio://?api_key=key_123' \
    --source-table 'objects' \
    --dest-uri duckdb:///attio.duckdb \
    --dest-table 'dest.objects'

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
)help");
}

TEST(Help, OfIngest) {
  EXPECT_EQ(command_help_text(Command::ingest), R"help(Load a table, or many by a pattern.

Example:
  ingestr ingest \
    --source-uri 'Attio://?api_key=key_123' \
    --source-table 'objects' \
    --dest-uri duckdb:///attio.duckdb \
    --dest-table 'dest.objects'

From where to where:
  --source-uri URI              where to read, e.g. 'attio://?api_key=key_123'
  --source-table TABLE          what to read, e.g. objects or records:companies
  --dest-uri URI                where to write, e.g. duckdb:///attio.duckdb
  --dest-table TABLE            table or schema.table to write; default: the source table's name

How:
  --incremental-strategy NAME   replace (default), append, merge, delete+insert or scd2; see below
  --primary-key NAMES           columns that tell rows apart, with commas or repeated
  --incremental-key NAME        column of the interval, or that tells which row is newer
  --interval-start TIME         read rows from then on, e.g. 2026-01-31 or 2026-01-31T07:00:00Z
  --interval-end TIME           read rows up to then, inclusive; UTC where no zone is given
  --incremental-predicate SQL   merge: what matching rows, target and source, must fulfil as well
  --full-refresh                make the table anew, whatever the strategy says
  --schema-contract NAME        evolve (default), freeze, discard_row or discard_value; see below
  --allow-empty                 accept a source without rows and columns: the table becomes empty
  --sql-limit N                 read at most N rows; default: 0, all of them
  --sql-exclude-columns NAMES   columns to leave out, with commas or repeated
  --columns COLUMNS             name:type, name:type:source or name::source, with commas; see below
  --no-inference                load only what --columns lists, in its order
  --schema-naming NAME          auto (default), snake_case or direct; see below
  --mask MASKS                  column:algorithm[:parameter], with commas or repeated; see below
  --trim-whitespace             remove white space around texts
  --partition-by NAMES          files: columns whose values become directories, as in a=1/
  --no-load-timestamp           do not add the column _ingestr_loaded_at
  --page-size N                 Attio: rows to ask for at a time; default: the source's
  --extract-parallelism N       requests, or connections to a database, at a time
  --extract-partition-by NAME   column by which a database's table is read in parts, side by side
  --extract-partition-interval STEP how far a part reaches: auto (default), 50000, 1h, 7d, 1w
  --yes                         accepted; nothing ever asks for confirmation

What is printed:
  --dry-run                     print the plan; read no row and change nothing
  --progress MODE               interactive (default; log where there is no terminal), log or json
  --debug                       also print what happens inside

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

Columns (docs/columns.md says more):
  --columns amount:decimal(18,2) gives a type, zip_code:text:zip also a name, name::title only that.
  --mask algorithms: hash md5 hmac:KEY uuid redact fixed:TEXT stars email phone credit_card ssn
  partial:2 first_letter sequential random round:10 range:100 noise:0.1 date_shift:30 year_only
  month_year.
  --schema-naming auto is snake_case, unless the table that is there has the source's names.

Known, but not available in version 0.1.0 (refused by name):
  cluster-by loader-file-size loader-file-format disable-prestaging sql-backend pipelines-dir
  staging-bucket staging-dataset stream flush-interval flush-records metrics-addr
  query-annotations

Many tables: --source-table '*' is every table that the credentials may read, 'records:*' the
records of every object. A * in --dest-table is the source table's name: 'attio.*' puts
records:companies into attio.records_companies. Without --dest-table it is '*'. A table that fails
does not stop the others; the exit status is then 1.

Each flag can be set by an environment variable instead: --sql-limit by SQL_LIMIT or, stronger, by
INGESTR_SQL_LIMIT; --allow-empty, --columns and --dry-run only by the longer name. These are not
named like their flags:
  DESTINATION_URI for --dest-uri, DESTINATION_TABLE for --dest-table, SKIP_CONFIRMATION for --yes
INGESTR_QUIET_PROGRESS=1 leaves out progress lines, NO_COLOR=1 colors.
)help");
}

TEST(Help, OfCheck) {
  EXPECT_EQ(command_help_text(Command::check), R"help(Ask the source in one request whether the credentials are good, whose they are and what
they may read.

Usage:
  ingestr check --source-uri URI [--json]

Flags:
  --source-uri URI              where to read, e.g. 'attio://?api_key=key_123'
  --json                        print JSON instead of text
  --debug                       also print what happens inside

Each flag can be set by an environment variable instead: --source-uri by SOURCE_URI or, stronger, by
INGESTR_SOURCE_URI; --json only by the longer name. Messages go to stderr.
)help");
}

TEST(Help, OfTables) {
  EXPECT_EQ(command_help_text(Command::tables), R"help(List every table that can be asked for, with its key, the permissions that it needs, and whether
the credentials have them.

Usage:
  ingestr tables --source-uri URI [--json]

Flags:
  --source-uri URI              where to read, e.g. 'attio://?api_key=key_123'
  --json                        print JSON instead of text
  --debug                       also print what happens inside

Each flag can be set by an environment variable instead: --source-uri by SOURCE_URI or, stronger, by
INGESTR_SOURCE_URI; --json only by the longer name. Messages go to stderr.
)help");
}

TEST(Help, OfPreview) {
  EXPECT_EQ(command_help_text(Command::preview), R"help(Show the first rows of a table. Nothing is loaded.

Usage:
  ingestr preview --source-uri URI --source-table TABLE [--limit N] [--json]

Flags:
  --source-uri URI              where to read, e.g. 'attio://?api_key=key_123'
  --source-table TABLE          what to read, e.g. objects or records:companies
  --page-size N                 Attio: rows to ask for at a time; default: the source's
  --extract-parallelism N       requests, or connections to a database, at a time
  --limit N                     rows to show; default: 20
  --json                        print JSON instead of text
  --debug                       also print what happens inside

Each flag can be set by an environment variable instead: --source-uri by SOURCE_URI or, stronger, by
INGESTR_SOURCE_URI; --limit and --json only by the longer name. Messages go to stderr.
)help");
}

TEST(Help, OfACommandWithoutFlagsIsTheProgramsHelp) {
  EXPECT_EQ(command_help_text(Command::example_uris), help_text());
}

TEST(Help, FitsAHundredColumns) {
  std::string text = help_text();
  for (const std::string& word : command_words()) text += command_help_text(*find_command(word));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

}  // namespace
}  // namespace ingestr
