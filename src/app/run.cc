#include "app/run.h"

#include <fmt/format.h>

#include "app/attempt.h"
#include "app/cli.h"
#include "app/help.h"
#include "app/load.h"
#include "app/look.h"
#include "app/orders.h"
#include "app/routes.h"
#include "app/secrecy.h"
#include "base/forced_end.h"
#include "base/version.h"

namespace ingestr {
namespace {

constexpr std::string_view kInterruptedOne =
    "interrupted; the destination table is as it was, run the command again to load it";
constexpr std::string_view kInterruptedMany =
    "interrupted; tables that were loaded before are kept, the others are as they were, run the "
    "command again to load them";

constexpr std::string_view kForced =
    "interrupted without waiting for others; run the command again to load what is not there yet";

ProgressMode checked_mode(const Settings& settings) {
  const auto mode = parse_progress_mode(settings.text("progress"));
  if (!mode) {
    throw Error(ErrorKind::usage, *settings.origin("progress") +
                                      " has an unknown mode; say interactive, log or json");
  }
  return *mode;
}

// Where rows go to stdout, as to csv://-, nothing else does.
Output told_to(const Settings& settings, const Output& output) {
  const std::string uri = settings.text("dest-uri");
  if (!std::string_view(uri).substr(0, uri.find('?')).ends_with("://-")) return output;
  return {output.err, output.err, output.err_is_terminal, output.err_is_terminal, output.columns};
}

// Where a text is all that was asked for: whether it has got out, or its reader wants no more.
int told(const Output& output) {
  output.out.flush();
  if (output.out || output.reader_has_left()) return kSuccess;
  output.err << "Error: standard output cannot be written; make room, or send it somewhere else, and run again" << std::endl;
  return kFailed;
}

int tell(std::string_view text, const Output& output) {
  output.out << text;
  return told(output);
}

int ingest(const CommandLine& line, const Outside& outside, Secrets& secrets) {
  const Settings settings(line.given, outside.environment);
  const ReportServices services{told_to(settings, outside.output), outside.clock, secrets, outside.environment};
  // A mode that does not exist is refused below; until then people read.
  const auto mode = parse_progress_mode(settings.text("progress"));
  const auto reporter = make_reporter(mode.value_or(ProgressMode::interactive), services);
  Counters counters;
  const Meter meter(counters, outside.clock, outside.usage);

  std::optional<Failure> of_tables;  // told already
  const auto work = [&] {
    if (line.problem) throw *line.problem;
    checked_mode(settings);
    const Job job = make_job(settings, outside.catalog);
    ReportLogger log(*reporter, settings.toggle("debug"));
    const Context context{outside.clock, outside.environment, log, counters, secrets,
                          outside.stop,  outside.transport};
    of_tables = load(job, context, *reporter, meter, outside.catalog);
  };
  std::optional<AtForcedEnd> last_words([&] {
    const Failure failure{ErrorKind::cancelled, std::string(kForced)};
    reporter->end(meter.read(), failure);
    print_error(failure, services);
  });
  const std::optional<Failure> failure = attempt(
      work, is_pattern(settings.text("source-table")) ? kInterruptedMany : kInterruptedOne);
  last_words.reset();
  reporter->end(meter.read(), failure ? failure : of_tables);
  if (!failure && !of_tables && settings.toggle("dry-run")) return told(outside.output);
  if (!failure) return of_tables ? kFailed : kSuccess;
  print_error(*failure, services);
  return exit_status(failure->kind, outside.stop);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Outside& outside) {
  Secrets secrets;
  remember_secrets(arguments, outside.environment, outside.catalog, secrets);
  const CommandLine line = parse_arguments(arguments);
  const Output& output = outside.output;
  if (line.wants_help && !line.problem) return tell(command_help_text(line.command), output);
  switch (line.command) {
    case Command::check:
    case Command::tables:
    case Command::preview: {
      const int status = look(line, outside, secrets);
      return status == kSuccess ? told(output) : status;
    }
    case Command::help:
      if (line.problem) break;
      return tell(help_text(), output);
    case Command::version:
      return tell(fmt::format("ingestr version {}\n", kVersion), output);
    case Command::example_uris:
      if (line.problem) break;
      return tell(example_uris_text(outside.catalog), output);
    case Command::ingest:
      break;
  }
  // What was wrong with a command that nobody understood is told like a load that failed.
  return ingest(line, outside, secrets);
}

}  // namespace ingestr
