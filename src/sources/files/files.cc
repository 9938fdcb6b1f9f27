#include "sources/files/files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/fetched.h"
#include "base/text.h"
#include "base/uri.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kMostInMemory = 256'000'000;

}  // namespace

std::string Files::called(const std::string& path) const { return is_pattern ? with_origins(path) : name; }

Packing packing_of(std::string_view path) {
  const std::string name = to_lower(without_query(path));
  return name.ends_with(".gz") ? Packing::gzip : name.ends_with(".zst") ? Packing::zstd : Packing::none;
}

std::string glob_of(std::string_view path) {
  std::string glob;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('*', at), path.size());
    glob += duck::without_pattern(percent_decode(path.substr(at, end - at)));
    for (at = end; at < path.size() && path[at] == '*'; ++at) glob += '*';
  }
  return glob;
}

bool Files::is_compressed() const {
  return std::ranges::any_of(paths, [](const std::string& path) { return packing_of(path) != Packing::none; });
}

std::string Files::sql() const {
  std::vector<std::string> texts;
  for (const std::string& path : paths) texts.push_back(duck::quote_text(takes_patterns ? duck::without_pattern(path) : path));
  return texts.size() == 1 ? texts.front() : fmt::format("[{}]", fmt::join(texts, ", "));
}

Files Files::only(std::vector<std::string> some) const {
  Files files = *this;
  files.paths = std::move(some);
  return files;
}

std::string Files::packing_option() const {
  switch (packing_of(paths.front())) {
    case Packing::none:
      return "compression = 'uncompressed'";
    case Packing::gzip:
      return "compression = 'gzip'";
    case Packing::zstd:
      return "compression = 'zstd'";
  }
  return "";
}

std::vector<std::string> Files::before() const {
  std::vector<std::string> statements;
  for (const duck::Extension extension : extensions) statements.push_back(duck::load_sql(extension));
  statements.insert(statements.end(), settings.begin(), settings.end());
  return statements;
}

duck::Connection Files::connect(const duck::Database& engine, std::stop_token stop) const {
  duck::Connection connection = engine.connect(std::move(stop));
  for (const duck::Extension extension : extensions) duck::load(connection, extension);
  for (const std::string& statement : settings) connection.execute(statement);
  return connection;
}

Error cut_short(std::string_view name) {
  return Error(ErrorKind::bad_data, fmt::format("{}: {}", name, kCutShort));
}

void check_kept_in_memory(uint64_t bytes) {
  if (bytes <= kMostInMemory) return;
  throw Error(ErrorKind::unsupported, fmt::format("it brings more than {}, which --mask keeps in memory so that no value reaches the disk "
                                                  "unmasked; name a file of this machine",
                                                  human_bytes(kMostInMemory)));
}

}  // namespace ingestr::files
