#include "app/look.h"

#include <mutex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/attempt.h"
#include "app/cell_text.h"
#include "app/json_line.h"
#include "app/orders.h"
#include "app/preview.h"
#include "app/text_table.h"
#include "base/forced_end.h"
#include "base/time.h"

namespace ingestr {
namespace {

// Messages go to stderr: stdout is for what was asked for.
class MessageLogger final : public Logger {
 public:
  MessageLogger(const ReportServices& services, bool debug) : services_(services), debug_(debug) {}

  bool enabled(LogLevel level) const override { return debug_ || level == LogLevel::warning; }
  void log(LogLevel level, std::string_view message) override {
    if (!enabled(level)) return;
    const std::string text = presentable(message, services_.secrets);
    const std::lock_guard lock(mutex_);
    if (level == LogLevel::warning) {
      services_.output.err << "Warning: " << text << std::endl;
    } else {
      services_.output.err << fmt::format("[DEBUG] {} | {}", format_iso(services_.clock.now()),
                                          text)
                           << std::endl;
    }
  }

 private:
  const ReportServices& services_;
  const bool debug_;
  std::mutex mutex_;
};

std::vector<std::string> redacted(const std::vector<std::string>& texts, const Secrets& secrets) {
  std::vector<std::string> shown;
  for (const std::string& text : texts) shown.push_back(secrets.redact(text));
  return shown;
}

std::string check_text(const AccountInfo& account, std::string_view type, const Secrets& secrets) {
  std::string text = fmt::format("Source:       {}\nCredentials:  active\nAccount:      {}\n", type,
                                 presentable(account.account, secrets));
  std::string_view label = "Permissions:";
  for (const std::string& permission : account.permissions) {
    text += fmt::format("{:<12}  {}\n", label, presentable(permission, secrets));
    label = "";
  }
  return account.permissions.empty() ? text + "Permissions:  none\n" : text;
}

std::string check_json(const AccountInfo& account, std::string_view type, const Secrets& secrets) {
  JsonLine line;
  line.add("source_type", type)
      .add("active", true)
      .add("account", secrets.redact(account.account))
      .add("permissions", redacted(account.permissions, secrets));
  return line.text() + "\n";
}

// Credentials that are refused are not active; of a source that does not answer nobody knows.
std::string check_failure_json(const Failure& failure, const Secrets& secrets) {
  JsonLine line;
  if (failure.kind == ErrorKind::auth) {
    line.add("active", false);
  } else {
    line.add_null("active");
  }
  line.add("error", presentable(failure.text, secrets)).add("error_kind", to_string(failure.kind));
  return line.text() + "\n";
}

std::string tables_text(const std::vector<TableInfo>& tables, const Secrets& secrets) {
  std::vector<std::vector<std::string>> rows;
  const auto joined = [&](const std::vector<std::string>& texts) {
    return visible(secrets.redact(fmt::format("{}", fmt::join(texts, ", "))));
  };
  for (const TableInfo& table : tables) {
    rows.push_back({visible(secrets.redact(table.name)),
                    !table.readable   ? "unknown"
                    : *table.readable ? "yes"
                                      : "no",
                    joined(table.key), joined(table.permissions)});
  }
  return text_table({{"Table"}, {"Readable"}, {"Key"}, {"Permissions"}}, rows);
}

std::string tables_json(const std::vector<TableInfo>& tables, const Secrets& secrets) {
  std::string text;
  for (const TableInfo& table : tables) {
    JsonLine line;
    line.add("name", secrets.redact(table.name))
        .add("description", secrets.redact(table.description))
        .add("key", redacted(table.key, secrets))
        .add("permissions", redacted(table.permissions, secrets));
    if (table.readable) {
      line.add("readable", *table.readable);
    } else {
      line.add_null("readable");
    }
    text += (text.empty() ? "\n" : ",\n") + line.text();
  }
  return "[" + text + "\n]\n";
}

std::string preview(Source& source, const Look& wanted, const Context& context) {
  const std::unique_ptr<Table> table = source.table(wanted.source_table);
  const auto read = [&](PreviewForm form) {
    return read_preview(*table, wanted.limit, form, context);
  };
  return wanted.json ? preview_json(read(PreviewForm::json), context.secrets)
                     : preview_text(read(PreviewForm::text), context.secrets);
}

// What the command prints.
std::string seen(Command command, const Look& wanted, const Context& context,
                 const Catalog& catalog) {
  const auto source_uri = [](auto work) -> decltype(auto) { return within("--source-uri", work); };
  const Connector& from =
      source_uri([&]() -> const Connector& { return catalog.source(wanted.source); });
  source_uri([&] { check_parameters(from, wanted.source); });
  const std::unique_ptr<Source> source =
      from.open_source(wanted.source, wanted.source_options, context);
  if (command == Command::preview) return preview(*source, wanted, context);
  if (command == Command::tables) {
    const std::vector<TableInfo> tables = source->tables();
    return wanted.json ? tables_json(tables, context.secrets)
                       : tables_text(tables, context.secrets);
  }
  const AccountInfo account = source->check();
  return wanted.json ? check_json(account, from.schemes.front(), context.secrets)
                     : check_text(account, from.schemes.front(), context.secrets);
}

}  // namespace

int look(const CommandLine& line, const Outside& outside, Secrets& secrets) {
  const ReportServices services{outside.output, outside.clock, secrets, outside.environment};
  std::string text;
  bool fails_as_json = false;
  const auto work = [&] {
    if (line.problem) throw *line.problem;
    const Look wanted = make_look(Settings(line.given, outside.environment), line.command);
    fails_as_json = wanted.json && line.command == Command::check;
    MessageLogger log(services, wanted.debug);
    Counters counters;
    const Context context{outside.clock, outside.environment, log, counters, secrets,
                          outside.stop,  outside.transport};
    text = seen(line.command, wanted, context, outside.catalog);
  };
  std::optional<AtForcedEnd> last_words(
      [&] { print_error({ErrorKind::cancelled, interrupted().what()}, services); });
  const std::optional<Failure> failure = attempt(work, interrupted().what());
  last_words.reset();
  if (failure && fails_as_json) text = check_failure_json(*failure, secrets);
  outside.output.out << text << std::flush;
  if (!failure) return kSuccess;
  print_error(*failure, services);
  return exit_status(failure->kind, outside.stop);
}

}  // namespace ingestr
