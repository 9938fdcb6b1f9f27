#include "sources/files/remote_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "duck/http_failure.h"
#include "duck/text.h"
#include "http/curl.h"

namespace ingestr::files {
namespace {

constexpr size_t kMostSizesAsked = 16;
constexpr size_t kShortestKey = 8;

bool is_web(const Uri& uri) { return uri.scheme == "http" || uri.scheme == "https"; }

std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

// Of many nobody asks; 0 is then not known.
uint64_t bytes_of(duck::Connection& connection, const Files& files) {
  if (files.paths.size() > kMostSizesAsked) return 0;
  const auto sizes = connection.query(fmt::format("SELECT sum(size)::BIGINT FROM read_blob({})", files.sql()));
  return std::stoull(sizes.at(0).at(0).value_or("0"));
}

std::vector<std::string> fitting(duck::Connection& connection, const std::string& pattern, const std::string& name) {
  std::vector<std::string> paths;
  for (const auto& row : connection.query(fmt::format("SELECT file FROM glob({})", duck::quote_text(pattern)))) {
    if (!row.at(0).value().ends_with('/')) paths.push_back(row[0].value());
  }
  if (paths.empty()) throw Error(ErrorKind::not_found, fmt::format("no file has a name that fits {}", name));
  std::ranges::sort(paths);
  return paths;
}

size_t stars_in(std::string_view text) { return static_cast<size_t>(std::ranges::count(text, '*')); }

// Whether the path is a pattern. A star that is written %2A is none; only S3 can be told so, and of all stars at once.
bool has_pattern(const RemotePlace& place, const Uri& uri, const RemotePath& path) {
  const std::string_view rest = without_fragment(uri.rest);
  const size_t literal = stars_in(percent_decode(rest)) - stars_in(rest), all = stars_in(path.text);
  if (literal > 0 && (all > literal || !place.speaks_s3())) {
    throw Error(ErrorKind::unsupported, fmt::format("{}: a star that is written %2A would be taken for a pattern there, and bring other files too; "
                                                    "give the file a name without a star",
                                                    path.name));
  }
  return all > literal;
}

std::shared_ptr<HttpClient> client_of(const Context& context) {
  if (context.transport) return context.transport();
  return make_curl_client({context.clock, context.environment, context.log, context.counters, context.stop});
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
    return {query.empty() ? place : fmt::format("{}?{}", place, query), fmt::format("{}://{}", uri.scheme, behind_user)};
  }
  std::string text = percent_decode(without_fragment(uri.rest));
  if (!names_file(uri)) {
    std::string_view file = without_fragment(table);
    while (file.starts_with("./")) file.remove_prefix(2);
    while (!text.empty() && file.starts_with('/')) file.remove_prefix(1);
    if (!text.empty() && !text.ends_with('/')) text += '/';
    text += file;
  }
  return {text, fmt::format("{}://{}", uri.scheme, text)};
}

FindFiles remote_files(const RemotePlace& place, const Uri& uri, const RemotePath& path, const Context& context) {
  Files files;
  files.name = path.name;
  files.is_local = false;
  if (place.extension) files.extensions = {*place.extension};
  const std::string scheme = is_web(uri) ? uri.scheme : std::string(place.engine_scheme);
  const std::string url = fmt::format("{}://{}", scheme, path.text);
  files.paths = {url};
  if (is_web(uri)) {
    for (const auto& [name, value] : uri.parameters) {
      if (value.size() >= kShortestKey) context.secrets.add(value);
    }
  }
  const std::string scope = is_web(uri) ? "" : url.substr(0, url.find('/', scheme.size() + 3));
  files.settings = place.settings(uri, "_ingestr_source", scope, context.environment, context.secrets);
  files.is_pattern = place.has_patterns && has_pattern(place, uri, path);
  std::shared_ptr<HttpClient> ask;  // of web servers only: a store wants to know who asks
  if (is_web(uri)) ask = client_of(context);
  return [files, url, ask, stop = context.stop, literal = place.speaks_s3()] {
    return of_file(files.name, [&] {
      Files found = files;
      duck::Connection connection = found.connect(duck::Database(), stop);
      if (found.is_pattern) found.paths = fitting(connection, url, found.name);
      if (literal) {
        found.settings.emplace_back("SET s3_url_compatibility_mode = true");
        connection.execute(found.settings.back());
      }
      try {
        found.bytes = bytes_of(connection, found);
      } catch (const Error& error) {
        if (ask && error.kind() == ErrorKind::unavailable) name_status(*ask, url, found.name);
        throw;
      }
      return found;
    });
  };
}

}  // namespace ingestr::files
