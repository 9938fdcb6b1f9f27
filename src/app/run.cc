#include "app/run.h"

#include <fmt/format.h>

#include "app/cli.h"
#include "app/help.h"
#include "app/secrecy.h"
#include "app/settings.h"
#include "base/version.h"
#include "engine/pipeline.h"

namespace ingestr {
namespace {

using Command = CommandLine::Command;

enum ExitStatus { kSuccess = 0, kFailed = 1, kWrongUsage = 2, kInterrupted = 130 };

int exit_status(ErrorKind kind, const std::stop_token& stop) {
  // Whatever breaks while we stop breaks because we stop.
  if (stop.stop_requested()) return kInterrupted;
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::unsupported:
      return kWrongUsage;
    case ErrorKind::cancelled:
      return kInterrupted;
    case ErrorKind::auth:
    case ErrorKind::not_found:
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited:
    case ErrorKind::bad_data:
    case ErrorKind::conflict:
    case ErrorKind::internal:
      return kFailed;
  }
  return kFailed;
}

// The one place where errors are caught. Nothing: all went well.
template <class Work>
std::optional<Failure> attempt(Work&& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::cancelled) return Failure{error.kind(), error.what()};
    return Failure{
        ErrorKind::cancelled,
        "interrupted; the destination table is as it was, run the command again to load it"};
  } catch (const std::bad_alloc&) {
    return Failure{
        ErrorKind::internal,
        "out of memory; give the program more, or ask for smaller pages with --page-size"};
  } catch (const std::exception& error) {
    return Failure{
        ErrorKind::internal,
        fmt::format("{}; this is a fault of ingestr {}, please report it", error.what(), kVersion)};
  }
}

ProgressMode checked_mode(const Settings& settings) {
  const auto mode = parse_progress_mode(settings.text("progress"));
  if (!mode) {
    throw Error(ErrorKind::usage, *settings.origin("progress") +
                                      " has an unknown mode; say interactive, log or json");
  }
  return *mode;
}

RunFacts facts_of(const Job& job, const TableSpec& spec, const Connector& source,
                  const Connector& destination) {
  return {
      .source_type = source.schemes.front(),
      .source_table = job.source_table,
      .destination_type = destination.schemes.front(),
      .destination_table = to_string(job.dest_table),
      .strategy = std::string(to_string(job.strategy)),
      .incremental_key = job.incremental_key.empty() ? spec.incremental_key : job.incremental_key,
      .primary_key = job.primary_key.empty() ? spec.primary_key : job.primary_key,
  };
}

// Everything that can be wrong with the command is found before the destination is opened, and so
// before the first request.
void load(const Job& job, const Context& context, Reporter& reporter, const Meter& meter,
          const Catalog& catalog) {
  const Connector& from =
      within("--source-uri", [&]() -> const Connector& { return catalog.source(job.source); });
  const Connector& to = within(
      "--dest-uri", [&]() -> const Connector& { return catalog.destination(job.destination); });
  within("--source-uri", [&] { check_parameters(from, job.source); });
  within("--dest-uri", [&] { check_parameters(to, job.destination); });

  const std::unique_ptr<Source> source = from.open_source(job.source, job.source_options, context);
  const std::unique_ptr<Table> table = source->table(job.source_table);
  const std::unique_ptr<Destination> destination = to.open_destination(job.destination, context);
  reporter.start(facts_of(job, table->spec(), from, to));
  const ProgressThread progress(reporter, meter, context.clock);
  run_pipeline(job, *table, *destination, context);
}

int ingest(const CommandLine& line, const World& world, Secrets& secrets) {
  const Settings settings(line.given, world.environment);
  const ReportServices services{world.output, world.clock, secrets, world.environment};
  // A mode that does not exist is refused below; until then people read.
  const auto mode = parse_progress_mode(settings.text("progress"));
  const auto reporter = make_reporter(mode.value_or(ProgressMode::interactive), services);
  Counters counters;
  const Meter meter(counters, world.clock, world.usage);

  const std::optional<Failure> failure = attempt([&] {
    if (line.problem) throw *line.problem;
    checked_mode(settings);
    const Job job = make_job(settings);
    ReportLogger log(*reporter, settings.toggle("debug"));
    const Context context{world.clock, world.environment, log, counters, secrets,
                          world.stop,  world.transport};
    load(job, context, *reporter, meter, world.catalog);
  });
  reporter->end(meter.read(), failure);
  if (!failure) return kSuccess;
  print_error(*failure, services);
  return exit_status(failure->kind, world.stop);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const World& world) {
  Secrets secrets;
  remember_secrets(arguments, world.environment, world.catalog, secrets);
  const CommandLine line = parse_arguments(arguments);
  if (line.problem) return ingest(line, world, secrets);
  std::ostream& out = world.output.out;
  switch (line.command) {
    case Command::help:
      out << help_text() << std::flush;
      return kSuccess;
    case Command::ingest_help:
      out << ingest_help_text() << std::flush;
      return kSuccess;
    case Command::version:
      out << "ingestr version " << kVersion << std::endl;
      return kSuccess;
    case Command::example_uris:
      out << example_uris_text(world.catalog) << std::flush;
      return kSuccess;
    case Command::ingest:
      return ingest(line, world, secrets);
  }
  return kSuccess;
}

}  // namespace ingestr
