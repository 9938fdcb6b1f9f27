#include "app/orders.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/column_flags.h"
#include "app/flags.h"
#include "app/increment.h"
#include "app/refusal.h"
#include "app/routes.h"
#include "base/error.h"
#include "base/text.h"
#include "duck/file.h"

namespace ingestr {
namespace {

constexpr uint64_t kMostParallel = 1'000;

void check_required(const Settings& settings, Command command) {
  std::string flags, variables;
  for (const char* name : {"source-uri", "dest-uri", "source-table"}) {
    if (!takes(to_string(command), *find_flag(name))) continue;
    if (!settings.text(name).empty()) continue;
    const std::string comma = flags.empty() ? "" : ", ";
    flags += fmt::format("{}--{}", comma, name);
    variables += fmt::format("{}{}", comma, find_flag(name)->variable);
  }
  if (flags.empty()) return;
  throw Error(
      ErrorKind::usage,
      fmt::format("not given: {}; add what is missing, as a flag or in the environment ({}); "
                  "see `ingestr {} --help`",
                  flags, variables, to_string(command)));
}

std::optional<uint64_t> at_least_one(const Settings& settings, std::string_view flag) {
  const auto count = settings.count(flag);
  if (count == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("{} must be at least 1; leave it out for the source's own choice",
                            *settings.origin(flag)));
  }
  return count;
}

// Each is a thread here, or a connection there.
std::optional<uint64_t> parallelism(const Settings& settings) {
  const auto count = at_least_one(settings, "extract-parallelism");
  if (count.value_or(0) > kMostParallel) {
    throw Error(ErrorKind::usage, fmt::format("{} must be at most {}, not {}", *settings.origin("extract-parallelism"), kMostParallel, *count));
  }
  return count;
}

SourceOptions source_options(const Settings& settings) {
  return {.page_size = at_least_one(settings, "page-size"), .parallelism = parallelism(settings)};
}

void set_windows(SourceOptions& options, const Settings& settings) {
  options.window_column = std::string(trim(settings.text("extract-partition-by")));
  options.window_step = settings.text("extract-partition-interval");
  if (!options.window_column.empty() || options.window_step.empty() || options.window_step == "auto") return;
  throw Error(ErrorKind::usage, fmt::format("{} is of a column; name it with --extract-partition-by", *settings.origin("extract-partition-interval")));
}

void check_source_table(const Settings& settings, const std::string& table) {
  if (!is_pattern(table) || table.find(',') == std::string::npos) return;
  throw Error(ErrorKind::usage,
              fmt::format("{} must be one table or one pattern; run the command once for each",
                          *settings.origin("source-table")));
}

// What may stand before the schema of a table there; empty: nothing.
std::string catalog_name(const Uri& destination, const Catalog& catalog) {
  return within("--dest-uri", [&] {
    const Connector& connector = catalog.destination(destination);
    return connector.engine_file ? duck::catalog_name(connector.engine_file(destination)) : "";
  });
}

TableName wanted_destination(const Settings& settings, const std::string& source_table, const Uri& destination, const Catalog& catalog) {
  // Named like the source table it is one literal name: `records:v1.2` is no table in a schema.
  const std::string wanted = settings.text("dest-table");
  if (wanted.empty()) {
    if (is_query(source_table)) return {"", "__custom_query__"};
    return {"", is_pattern(source_table) ? "*" : source_table};
  }
  const bool may_have_catalog = std::ranges::count(wanted, '.') > 1;  // else a wrong URI is told of later
  const std::string in_front = may_have_catalog ? catalog_name(destination, catalog) : "";
  return made_of(settings, "dest-table", [&](const std::string& text) {
    const TableName name = parse_table_name(text, in_front);
    check_patterns(source_table, name);
    return name;
  });
}

}  // namespace

Job make_job(const Settings& settings, const Catalog& catalog) {
  refuse_unavailable(settings);
  check_required(settings, Command::ingest);
  Job job;
  job.source = made_of(settings, "source-uri", parse_uri);
  job.source_table = settings.text("source-table");
  check_source_table(settings, job.source_table);
  job.destination = made_of(settings, "dest-uri", parse_uri);
  job.dest_table = wanted_destination(settings, job.source_table, job.destination, catalog);
  set_increment(job, settings);
  job.partition_by = settings.names("partition-by");
  job.source_options = source_options(settings);
  const uint64_t limit = settings.count("sql-limit").value_or(0);
  if (limit > 0) job.row_limit = limit;
  job.columns = column_wishes(settings);
  set_windows(job.source_options, settings);
  job.source_options.keep_private = !job.columns.masks.empty();
  job.load_timestamp = !settings.toggle("no-load-timestamp");
  job.dry_run = settings.toggle("dry-run");
  settings.toggle("yes");  // checked, and not needed: nothing asks
  return job;
}

Look make_look(const Settings& settings, Command command) {
  check_required(settings, command);
  Look look;
  look.source = made_of(settings, "source-uri", parse_uri);
  look.json = settings.toggle("json");
  look.debug = settings.toggle("debug");
  if (command != Command::preview) return look;
  look.source_table = settings.text("source-table");
  if (is_pattern(look.source_table)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} is a pattern, and preview shows one table; `ingestr tables` lists "
                            "what there is",
                            *settings.origin("source-table")));
  }
  look.source_options = source_options(settings);
  look.limit = *settings.count("limit");
  if (look.limit == 0) {
    throw Error(ErrorKind::usage,
                fmt::format("{} must be at least 1", *settings.origin("limit")));
  }
  return look;
}

}  // namespace ingestr
