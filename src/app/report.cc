#include "app/report.h"

#include "app/json_report.h"
#include "app/text_report.h"

namespace ingestr {
namespace {

bool is_terminal_that_draws(bool is_terminal, const ReportServices& services) {
  return is_terminal && services.environment.get("TERM") != "dumb";
}

}  // namespace

std::optional<ProgressMode> parse_progress_mode(std::string_view name) {
  if (name == "interactive") return ProgressMode::interactive;
  if (name == "log") return ProgressMode::log;
  if (name == "json") return ProgressMode::json;
  return std::nullopt;
}

std::unique_ptr<Reporter> make_reporter(ProgressMode mode, const ReportServices& services) {
  if (mode == ProgressMode::json) return std::make_unique<JsonReporter>(services);
  const bool draws = is_terminal_that_draws(services.output.out_is_terminal, services);
  const auto quiet = services.environment.get("INGESTR_QUIET_PROGRESS");
  TextReporter::Style style;
  style.interactive = mode == ProgressMode::interactive && draws;
  style.colors = draws && !services.environment.get("NO_COLOR");
  style.quiet = quiet && *quiet != "0" && *quiet != "false";
  return std::make_unique<TextReporter>(services, style);
}

void print_error(const Failure& failure, const ReportServices& services) {
  const bool colors = is_terminal_that_draws(services.output.err_is_terminal, services) &&
                      !services.environment.get("NO_COLOR");
  services.output.err << (colors ? "\x1b[31mError:\x1b[0m " : "Error: ")
                      << presentable(failure.text, services.secrets) << std::endl;
}

void print_table_error(const TableFacts& table, const TableOutcome& outcome,
                       const ReportServices& services) {
  if (!outcome.failure || outcome.interrupted) return;
  print_error({outcome.failure->kind, table.source + ": " + outcome.failure->text}, services);
}

std::string presentable(std::string_view message, const Secrets& secrets) {
  const std::string redacted = secrets.redact(message);
  std::string line;
  for (size_t i = 0; i < redacted.size(); ++i) {
    const auto byte = static_cast<unsigned char>(redacted[i]);
    // U+0080 to U+009F are control characters too, and terminals obey them.
    const bool wide_control = byte == 0xC2 && i + 1 < redacted.size() &&
                              static_cast<unsigned char>(redacted[i + 1]) >= 0x80 &&
                              static_cast<unsigned char>(redacted[i + 1]) <= 0x9F;
    if (wide_control) ++i;
    const bool control = byte < 0x20 || byte == 0x7F || wide_control;
    if (!control) {
      line += redacted[i];
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace ingestr
