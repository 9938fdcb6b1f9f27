#include "app/flags.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ingestr {
namespace {

using enum FlagKind;

constexpr Flag what(std::string_view name, std::string_view variable, std::string_view value_name,
                    std::string_view help) {
  return {.name = name,
          .variable = variable,
          .group = FlagGroup::what,
          .value_name = value_name,
          .default_text = "",
          .help = help};
}

constexpr Flag secret(Flag flag) {
  flag.secret = true;
  return flag;
}

constexpr Flag uri(std::string_view name, std::string_view variable, std::string_view help) {
  return secret(what(name, variable, "URI", help));
}

constexpr Flag how(std::string_view name, std::string_view variable, FlagKind kind,
                   std::string_view value_name, std::string_view default_text,
                   std::string_view help) {
  return {.name = name,
          .variable = variable,
          .kind = kind,
          .group = FlagGroup::how,
          .value_name = value_name,
          .default_text = default_text,
          .help = help};
}

constexpr Flag output(std::string_view name, std::string_view variable, FlagKind kind,
                      std::string_view value_name, std::string_view default_text,
                      std::string_view help) {
  Flag flag = how(name, variable, kind, value_name, default_text, help);
  flag.group = FlagGroup::output;
  return flag;
}

constexpr Flag refused(std::string_view name, std::string_view variable, FlagKind kind,
                       std::string_view help, std::string_view harmless = "") {
  return {.name = name,
          .variable = variable,
          .kind = kind,
          .group = FlagGroup::refused,
          .value_name = "",
          .default_text = "",
          .help = help,
          .harmless = harmless};
}

constexpr Flag only_prefixed(Flag flag) {
  flag.only_prefixed = true;
  return flag;
}

constexpr Flag refused_prefixed(std::string_view name, std::string_view variable, FlagKind kind,
                                std::string_view help) {
  return only_prefixed(refused(name, variable, kind, help));
}

constexpr Flag of(std::string_view commands, Flag flag) {
  flag.commands = commands;
  return flag;
}

constexpr std::string_view kNoLayout =
    "it arranges tables of warehouses, and no destination here is one; leave it out";
constexpr std::string_view kNoStaging =
    "rows land beside the target in its own schema; leave it out";
constexpr std::string_view kNoLoadFiles =
    "rows go to the destination directly, without files in between; leave it out";
constexpr std::string_view kNoBackends =
    "databases are read in one way, which keeps types exact; leave it out";
constexpr std::string_view kNoStream = "every run loads a table once and ends; leave it out";

constexpr std::array kFlags = {
    of("ingest check tables preview",
       uri("source-uri", "SOURCE_URI", "where to read, e.g. 'attio://?api_key=key_123'")),
    of("ingest preview", what("source-table", "SOURCE_TABLE", "TABLE",
                              "what to read, e.g. objects or records:companies")),
    uri("dest-uri", "DESTINATION_URI", "where to write, e.g. duckdb:///attio.duckdb"),
    what("dest-table", "DESTINATION_TABLE", "TABLE",
         "table or schema.table to write; default: the source table's name"),

    how("incremental-strategy", "INCREMENTAL_STRATEGY", text, "NAME", "replace",
        "replace (default), append, merge, delete+insert or scd2; see below"),
    how("primary-key", "PRIMARY_KEY", list, "NAMES", "",
        "columns that tell rows apart, with commas or repeated"),
    how("incremental-key", "INCREMENTAL_KEY", text, "NAME", "",
        "column of the interval, or that tells which row is newer"),
    how("interval-start", "INTERVAL_START", text, "TIME", "",
        "read rows from then on, e.g. 2026-01-31 or 2026-01-31T07:00:00Z"),
    how("interval-end", "INTERVAL_END", text, "TIME", "",
        "read rows up to then, inclusive; UTC where no zone is given"),
    how("incremental-predicate", "INCREMENTAL_PREDICATE", text, "SQL", "",
        "merge: what matching rows, target and source, must fulfil as well"),
    how("full-refresh", "FULL_REFRESH", toggle, "", "false", "make the table anew, whatever the strategy says"),
    how("schema-contract", "SCHEMA_CONTRACT", text, "NAME", "evolve",
        "evolve (default), freeze, discard_row or discard_value; see below"),
    only_prefixed(how("allow-empty", "ALLOW_EMPTY", toggle, "", "false",
                      "accept a source without rows and columns: the table becomes empty")),
    how("sql-limit", "SQL_LIMIT", count, "N", "0", "read at most N rows; default: 0, all of them"),
    how("sql-exclude-columns", "SQL_EXCLUDE_COLUMNS", list, "NAMES", "",
        "columns to leave out, with commas or repeated"),
    only_prefixed(how("columns", "COLUMNS", list, "COLUMNS", "",
                      "name:type, name:type:source or name::source, with commas; see below")),
    how("no-inference", "NO_INFERENCE", toggle, "", "false",
        "load only what --columns lists, in its order"),
    how("schema-naming", "SCHEMA_NAMING", text, "NAME", "auto",
        "auto (default), snake_case or direct; see below"),
    secret(how("mask", "MASK", list, "MASKS", "",
               "column:algorithm[:parameter], with commas or repeated; see below")),
    how("trim-whitespace", "TRIM_WHITESPACE", toggle, "", "false",
        "remove white space around texts"),
    how("partition-by", "PARTITION_BY", list, "NAMES", "",
        "files: columns whose values become directories, as in a=1/"),
    how("no-load-timestamp", "NO_LOAD_TIMESTAMP", toggle, "", "false",
        "do not add the column _ingestr_loaded_at"),
    of("ingest preview", how("page-size", "PAGE_SIZE", count, "N", "",
                             "Attio: rows to ask for at a time; default: the source's")),
    of("ingest preview", how("extract-parallelism", "EXTRACT_PARALLELISM", count, "N", "",
                             "requests, or connections to a database, at a time")),
    how("extract-partition-by", "EXTRACT_PARTITION_BY", text, "NAME", "",
        "column by which a database's table is read in parts, side by side"),
    how("extract-partition-interval", "EXTRACT_PARTITION_INTERVAL", text, "STEP", "auto",
        "how far a part reaches: auto (default), 50000, 1h, 7d, 1w"),
    how("yes", "SKIP_CONFIRMATION", toggle, "", "false",
        "accepted; nothing ever asks for confirmation"),

    only_prefixed(output("dry-run", "DRY_RUN", toggle, "", "false",
                         "print the plan; read no row and change nothing")),
    output("progress", "PROGRESS", text, "MODE", "interactive",
           "interactive (default; log where there is no terminal), log or json"),
    of("preview",
       only_prefixed(output("limit", "LIMIT", count, "N", "20", "rows to show; default: 20"))),
    of("check tables preview",
       only_prefixed(output("json", "JSON", toggle, "", "false", "print JSON instead of text"))),
    of("ingest check tables preview",
       output("debug", "DEBUG", toggle, "", "false", "also print what happens inside")),

    refused("cluster-by", "CLUSTER_BY", text, kNoLayout),
    refused("loader-file-size", "LOADER_FILE_SIZE", count, kNoLoadFiles),
    refused("loader-file-format", "LOADER_FILE_FORMAT", text, kNoLoadFiles),
    refused_prefixed("disable-prestaging", "DISABLE_PRESTAGING", toggle, kNoStaging),
    refused("sql-backend", "SQL_BACKEND", text, kNoBackends),
    refused("pipelines-dir", "PIPELINES_DIR", text, "nothing is kept between runs; leave it out"),
    refused("staging-bucket", "STAGING_BUCKET", text, kNoStaging),
    refused("staging-dataset", "STAGING_DATASET", text, kNoStaging),
    refused_prefixed("stream", "STREAM", toggle, kNoStream),
    refused_prefixed("flush-interval", "FLUSH_INTERVAL", text, kNoStream),
    refused_prefixed("flush-records", "FLUSH_RECORDS", count, kNoStream),
    refused_prefixed("metrics-addr", "METRICS_ADDR", text, kNoStream),
    refused_prefixed("query-annotations", "QUERY_ANNOTATIONS", text,
                     "queries are not annotated; leave it out"),
};

}  // namespace

std::span<const Flag> flags() {
  return kFlags;
}

const Flag* find_flag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

bool takes(std::string_view command, const Flag& flag) {
  const std::vector<std::string> commands = split(flag.commands, ' ');
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

std::vector<std::string> variables_of(const Flag& flag) {
  std::vector<std::string> names = {"INGESTR_" + std::string(flag.variable)};
  if (!flag.only_prefixed) names.emplace_back(flag.variable);
  return names;
}

}  // namespace ingestr
