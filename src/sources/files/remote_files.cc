#include "sources/files/remote_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/error.h"
#include "duck/http_failure.h"
#include "duck/text.h"
#include "http/curl.h"

namespace ingestr::files {
namespace {

constexpr size_t kMostAsked = 16;
// Times of files are of whole seconds.
constexpr std::chrono::milliseconds kOtherSecond(1'100);
constexpr std::chrono::seconds kPatience(10);
constexpr size_t kShortestKey = 8;

bool is_web(const Uri& uri) { return uri.scheme == "http" || uri.scheme == "https"; }

std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

// What a place says of its files: the length of each, and when it was written. Of many nobody asks.
struct State {
  std::vector<uint64_t> bytes{};
  std::vector<std::string> times{};

  bool operator==(const State&) const = default;
};

State state_of(duck::Connection& connection, const Files& files) {
  State state;
  if (files.paths.size() > kMostAsked) return state;
  for (const auto& row : connection.query(fmt::format("SELECT size::VARCHAR, epoch_us(last_modified)::VARCHAR FROM read_blob({})", files.sql()))) {
    state.bytes.push_back(std::stoull(row.at(0).value_or("0")));
    state.times.push_back(row.at(1).value_or(""));
  }
  return state;
}

// Looks again, with an engine that remembers nothing. A place that does not answer then, or for which each answer is written anew, says nothing
// of its files.
void check_unchanged(const Files& files, const State& found, Clock& clock, const std::stop_token& stop) {
  const auto now = [&] {
    duck::Connection connection = files.connect(duck::Database(), stop);
    return state_of(connection, files);
  };
  try {
    const State later = now();
    if (later == found) return;
    if (later.bytes == found.bytes) {
      clock.sleep_for(kOtherSecond, stop);
      if (now() != later) return;
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    return;
  }
  throw Error(ErrorKind::unavailable, fmt::format("{}: {}", files.name, duck::kChanged));
}

std::vector<std::string> fitting(duck::Connection& connection, const std::string& glob, const std::string& name) {
  std::vector<std::string> paths;
  for (const auto& row : connection.query(fmt::format("SELECT file FROM glob({})", duck::quote_text(glob)))) {
    if (!row.at(0).value().ends_with('/')) paths.push_back(row[0].value());
  }
  if (paths.empty()) throw Error(ErrorKind::not_found, fmt::format("no file has a name that fits {}", name));
  std::ranges::sort(paths);
  return paths;
}

// Only in a pattern: to what comes of one the engine is told that it is none.
void check_glob(const RemotePlace& place, const RemotePath& path) {
  if (path.glob.empty() || !place.speaks_s3() || path.text.find('?') == std::string::npos) return;
  throw Error(ErrorKind::unsupported, fmt::format("{}: the names of a pattern cannot have a ?; name such files one by one", path.name));
}

std::shared_ptr<HttpClient> client_of(const Context& context) {
  if (context.transport) return context.transport();
  return make_curl_client({context.clock, context.environment, context.log, context.counters, context.stop}, {.stall_timeout = kPatience});
}

// The engine forgets with which status a server has refused to say how long a file is, so that is asked once more. Throws it.
void name_status(HttpClient& client, const std::string& url, const std::string& name) {
  int status = 0;
  try {
    status = client.send({.method = "HEAD", .url = url}).status;
  } catch (const Error&) {
    return;  // the engine's words will do
  }
  if (status >= 400) throw duck::refused_with(status, name + ": ");
}

}  // namespace

bool names_file(const Uri& uri) {
  const std::string_view rest = without_fragment(uri.rest);
  const size_t slash = rest.find('/');
  return is_web(uri) || (slash != std::string_view::npos && slash + 1 < rest.size() && !rest.ends_with('/'));
}

RemotePath remote_path(const Uri& uri, std::string_view table) {
  if (is_web(uri)) {
    const std::string place(without_fragment(uri.rest));
    const std::string_view query = without_fragment(uri.query);
    const std::string_view behind_user = std::string_view(place).substr(place.rfind('@', place.find('/')) + 1);  // npos + 1 is 0
    return {query.empty() ? place : fmt::format("{}?{}", place, query), "", fmt::format("{}://{}", uri.scheme, behind_user)};
  }
  const std::string_view rest = without_fragment(uri.rest);
  std::string text = percent_decode(rest), glob = glob_of(rest);
  bool is_pattern = rest.find('*') != std::string_view::npos;
  if (!names_file(uri)) {
    std::string_view file = without_fragment(table);
    while (file.starts_with("./")) file.remove_prefix(2);
    while (!text.empty() && file.starts_with('/')) file.remove_prefix(1);
    if (!text.empty() && !text.ends_with('/')) {
      text += '/';
      glob += '/';
    }
    text += file;
    is_pattern |= file.find('*') != std::string_view::npos;
    for (const char c : file) glob += c == '*' ? "*" : duck::without_pattern({&c, 1});
  }
  return {text, is_pattern ? glob : "", fmt::format("{}://{}", uri.scheme, text)};
}

FindFiles remote_files(const RemotePlace& place, const Uri& uri, const RemotePath& path, const Context& context) {
  Files files;
  files.name = path.name;
  files.is_local = false;
  files.takes_patterns = place.has_patterns && !place.speaks_s3();
  check_glob(place, path);
  if (place.extension) files.extensions = {*place.extension};
  const std::string scheme = is_web(uri) ? uri.scheme : std::string(place.engine_scheme);
  const std::string url = fmt::format("{}://{}", scheme, path.text);
  files.paths = {url};
  if (is_web(uri)) {
    for (const auto& [name, value] : uri.parameters) {
      if (value.size() >= kShortestKey) context.secrets.add(value);
    }
    context.secrets.add(without_fragment(uri.query));
  }
  const std::string scope = is_web(uri) ? "" : url.substr(0, url.find('/', scheme.size() + 3));
  files.settings = place.settings(uri, "_ingestr_source", scope, context.environment, context.secrets);
  files.is_pattern = !path.glob.empty();
  std::shared_ptr<HttpClient> ask;  // of web servers only: a store wants to know who asks
  if (is_web(uri)) ask = client_of(context);
  return [files, url, glob = fmt::format("{}://{}", scheme, path.glob), ask, &clock = context.clock, stop = context.stop, literal = place.speaks_s3()] {
    return of_file(files.name, [&] {
      Files found = files;
      duck::Connection connection = found.connect(duck::Database(), stop);
      if (found.is_pattern) found.paths = fitting(connection, glob, found.name);
      if (literal) {
        found.settings.emplace_back("SET s3_url_compatibility_mode = true");
        connection.execute(found.settings.back());
      }
      try {
        const State state = state_of(connection, found);
        found.bytes = std::accumulate(state.bytes.begin(), state.bytes.end(), uint64_t{0});
        if (!state.bytes.empty()) found.look_again = [found, state, &clock, stop] { check_unchanged(found, state, clock, stop); };
      } catch (const Error& error) {
        if (ask && error.kind() == ErrorKind::unavailable) name_status(*ask, url, found.name);
        throw;
      }
      return found;
    });
  };
}

}  // namespace ingestr::files
