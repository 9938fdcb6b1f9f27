#include "sources/attio/endpoint.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/uri.h"

namespace ingestr::attio {
namespace {

// "{object}" -> "object"; nothing for a segment that stands for itself.
std::optional<std::string_view> variable_in(std::string_view segment) {
  if (!segment.starts_with('{')) return std::nullopt;
  return segment.substr(1, segment.size() - 2);
}

// What a path's variables stand for in `url`; nothing when it is another path.
std::optional<Texts> match_path(std::string_view path, std::string_view url) {
  const std::vector<std::string> wanted = split(path.substr(0, path.find('?')), '/');
  const std::vector<std::string> given = split(url.substr(0, url.find('?')), '/');
  if (wanted.size() != given.size()) return std::nullopt;
  Texts texts;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (const auto name = variable_in(wanted[i])) {
      texts.emplace_back(*name, percent_decode(given[i]));
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return texts;
}

}  // namespace

const Endpoint& endpoint(std::string_view name) {
  for (const Endpoint& candidate : endpoints()) {
    if (candidate.name == name) return candidate;
  }
  throw Error(ErrorKind::internal, fmt::format("attio has no endpoint {}", name));
}

std::string_view example_of(std::string_view argument) {
  return argument == "list" ? "8abc-123-456-789d-123" : "companies";
}

std::string usage(const TableKind& kind) {
  if (kind.argument.empty()) return kind.name;
  return fmt::format("{}:{{{}}}", kind.name, kind.argument == "list" ? "list_id" : "object_api_slug");
}

std::vector<std::string> scopes_of(const TableKind& kind) {
  std::vector<std::string> scopes;
  const auto add = [&](const Endpoint& used) {
    for (std::string& scope : split(used.scopes, ' ')) {
      if (!scope.empty() && std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) {
        scopes.push_back(std::move(scope));
      }
    }
  };
  for (const Parent& parent : kind.parents) add(endpoint(parent.endpoint));
  add(endpoint(kind.endpoint));
  return scopes;
}

std::string_view text_of(const Texts& texts, std::string_view name) {
  for (const auto& [key, text] : texts) {
    if (key == name) return text;
  }
  return {};
}

std::string path_of(const Endpoint& endpoint, const Texts& texts) {
  std::string path;
  std::string_view rest = endpoint.path;
  for (size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const size_t close = rest.find('}', open);
    path += rest.substr(0, open);
    path += percent_encode(text_of(texts, rest.substr(open + 1, close - open - 1)));
    rest.remove_prefix(close + 1);
  }
  return path.append(rest);
}

std::optional<Match> match(const HttpRequest& request) {
  for (const Endpoint& candidate : endpoints()) {
    if (candidate.method != request.method) continue;
    if (auto texts = match_path(candidate.path, request.url)) return Match{&candidate, std::move(*texts)};
  }
  return std::nullopt;
}

}  // namespace ingestr::attio
