#include "options.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "query.h"

namespace sandbox {
namespace {

uint64_t number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    throw UsageError(fmt::format("\"{}\" is not a whole number", text));
  return value;
}

int port_number(std::string_view text) {
  const uint64_t port = number(text);
  if (port > 65535) throw UsageError(fmt::format("{} is not a port", port));
  return static_cast<int>(port);
}

uint64_t member_count(std::string_view text) {
  const uint64_t count = number(text);
  if (count < 2) throw UsageError("at least 2 are needed, as rows name them");
  return count;
}

// "slug=N"; the slug may contain anything, the number is after the last equals sign.
void add_count(std::string_view text, std::map<std::string, uint64_t>& counts) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0)
    throw UsageError(fmt::format("\"{}\" is not of the form slug=N", text));
  counts[std::string(text.substr(0, equals))] = number(text.substr(equals + 1));
}

ExtraKey extra_key(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    throw UsageError(fmt::format("\"{}\" is not of the form name[@ROW]=JSON", text));
  std::string_view name = text.substr(0, equals);
  ExtraKey key;
  key.json = text.substr(equals + 1);
  if (const size_t at = name.rfind('@'); at != std::string_view::npos) {
    key.from_row = number(name.substr(at + 1));
    name = name.substr(0, at);
  }
  key.name = name;
  if (name.empty() || !is_json(key.json))
    throw UsageError(fmt::format("\"{}\": a name and valid JSON are needed", text));
  return key;
}

void add_words(std::string_view text, std::vector<std::string>& words) {
  size_t begin = 0;
  while ((begin = text.find_first_not_of(" ,", begin)) != std::string_view::npos) {
    const size_t end = std::min(text.find_first_of(" ,", begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
}

struct OptionRow {
  std::string_view name;
  std::string_view argument;  // empty: a switch
  std::string_view help;
  void (*apply)(Options&, std::string_view);
};

using V = std::string_view;
constexpr OptionRow kOptions[] = {
    {"port", "N", "port on 127.0.0.1; 0 takes a free one (default 0)",
     [](Options& o, V v) { o.port = port_number(v); }},
    {"port-file", "PATH", "also write the port number to this file",
     [](Options& o, V v) { o.port_file = v; }},
    {"gzip", "", "compress bodies for clients that accept it (default off, as it costs time)",
     [](Options& o, V) { o.gzip = true; }},
    {"log-size", "N", "how many requests /__sandbox/stats lists (default 10000)",
     [](Options& o, V v) { o.log_size = number(v); }},
    {"api-key", "KEY", "accept this key; repeatable (default: key_123 and demo)",
     [](Options& o, V v) { o.access.keys.emplace_back(v); }},
    {"scopes", "\"A B\"", "scopes of the token (default: every read scope)",
     [](Options& o, V v) { add_words(v, o.access.scopes); }},
    {"seed", "N", "seed of all data (default 1)", [](Options& o, V v) { o.data.seed = number(v); }},
    {"records", "SLUG=N",
     "number of records of an object; a new slug makes a custom object; repeatable",
     [](Options& o, V v) { add_count(v, o.data.records); }},
    {"entries", "SLUG=N",
     "number of entries of a list; SLUG@OBJECT=N makes a new list over OBJECT; repeatable",
     [](Options& o, V v) { add_count(v, o.data.entries); }},
    {"no-lists", "", "a workspace without the built-in lists",
     [](Options& o, V) { o.data.no_lists = true; }},
    {"disabled-object", "SLUG", "a standard object that is not enabled; repeatable",
     [](Options& o, V v) { o.data.disabled_objects.emplace(v); }},
    {"record-bytes", "N", "about how many bytes of JSON a record has (default 3000)",
     [](Options& o, V v) { o.data.record_bytes = number(v); }},
    {"extra-key", "NAME[@ROW]=JSON", "add a key to every row (from row ROW on); repeatable",
     [](Options& o, V v) { o.data.extra_keys.push_back(extra_key(v)); }},
    {"members", "N", "number of workspace members, at least 2 (default 5)",
     [](Options& o, V v) { o.data.members = member_count(v); }},
    {"notes", "N", "number of notes (default 35)",
     [](Options& o, V v) { o.data.notes = number(v); }},
    {"tasks", "N", "number of tasks (default 40)",
     [](Options& o, V v) { o.data.tasks = number(v); }},
    {"webhooks", "N", "number of webhooks (default 12)",
     [](Options& o, V v) { o.data.webhooks = number(v); }},
    {"meetings", "N", "number of meetings (default 60)",
     [](Options& o, V v) { o.data.meetings = number(v); }},
    {"future-attribute", "", "give lab_samples an attribute of a type that nobody knows yet",
     [](Options& o, V) { o.data.future_attribute = true; }},
    {"notes-rate-limit", "N", "requests a second to /v2/notes; 0 is no limit (default 10)",
     [](Options& o, V v) { o.access.notes_rate_limit = number(v); }},
    {"short-cursor-pages", "", "cursors lead through pages with few rows or none",
     [](Options& o, V) { o.access.short_cursor_pages = true; }},
    {"rate-limit", "N", "requests a second, then 429; 0 is no limit (default 100)",
     [](Options& o, V v) { o.access.rate_limit = number(v); }},
    {"retry-after-seconds", "", "send Retry-After in seconds, not as a date",
     [](Options& o, V) { o.access.retry_after_seconds = true; }},
    {"page-cap", "N", "silently give at most N rows a page",
     [](Options& o, V v) { o.access.page_cap = number(v); }},
    {"max-limit", "N", "refuse a limit above N with a 400 on the query endpoints",
     [](Options& o, V v) { o.access.max_limit = number(v); }},
    {"latency-ms", "N", "answer every API request N ms later",
     [](Options& o, V v) { o.weather.latency_ms = number(v); }},
    {"fault", "KIND@[WHERE#]N[xCOUNT]",
     "spoil the N-th request (and COUNT-1 more), see below; repeatable",
     [](Options& o, V v) { o.weather.faults.emplace_back(v); }},
    {"mutate", "insert|delete@[WHERE#]N[xCOUNT]",
     "change rows just before the N-th request; repeatable",
     [](Options& o, V v) { o.weather.mutations.emplace_back(v); }},
    {"help", "", "show this text", [](Options& o, V) { o.help = true; }},
};

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view name = arguments[i];
    if (!name.starts_with("--")) throw UsageError(fmt::format("unexpected argument \"{}\"", name));
    name.remove_prefix(2);
    std::optional<std::string_view> value;
    if (const size_t equals = name.find('='); equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    const auto row = std::find_if(std::begin(kOptions), std::end(kOptions),
                                  [&](const OptionRow& r) { return r.name == name; });
    if (row == std::end(kOptions)) throw UsageError(fmt::format("unknown option --{}", name));
    if (row->argument.empty() && value) throw UsageError(fmt::format("--{} takes no value", name));
    if (!row->argument.empty() && !value) {
      if (++i == arguments.size()) throw UsageError(fmt::format("--{} needs a value", name));
      value = arguments[i];
    }
    try {
      row->apply(options, value.value_or(""));
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("--{}: {}", name, error.what()));
    }
  }
  return options;
}

std::string help_text() {
  std::string text =
      "attio-sandbox: a local server that behaves like the Attio REST API v2\n\n"
      "usage: attio-sandbox [options]\n\n";
  for (const auto& row : kOptions)
    text += fmt::format("  {:<48} {}\n", fmt::format("--{} {}", row.name, row.argument), row.help);
  text +=
      "\nfaults: KIND is one of\n"
      "  429                 too many requests, with Retry-After\n"
      "  STATUS              a JSON error with that status: 401, 403, 500, 502, ...\n"
      "  STATUS-html         an HTML page with that status: 503-html, 200-html, ...\n"
      "  reset               TCP reset before any byte of the answer\n"
      "  reset-body          TCP reset in the middle of the body\n"
      "  truncate-body       connection closed in the middle of the body\n"
      "  truncated-json      a complete HTTP answer whose JSON is cut in half\n"
      "  slow:SECONDS        the right answer, so much later\n"
      "  stall:SECONDS       half of the body, a pause, the rest\n"
      "  no-data             200 with {}\n"
      "  null-data           200 with {\"data\":null}\n"
      "  object-data         200 with {\"data\":{}}\n"
      "  empty-data          200 with {\"data\":[]}\n"
      "  empty-200           200 with no body\n"
      "N counts API requests from 1 in order of arrival, or, with WHERE#, those whose line "
      "contains WHERE. The line is\n"
      "\"POST /v2/objects/companies/records/query offset=500;limit=500;\" (offset and limit of the "
      "body on the query\nendpoints only; elsewhere the line has the query string, as in "
      "\"GET /v2/notes?limit=50&offset=50 \").\n"
      "  --fault 500@3x2  --fault 'reset@offset=1000;#1'  --fault 'slow:0.5@/v2/lists#1'  --mutate "
      "'insert@companies#3'\n";
  return text;
}

}  // namespace sandbox
