#include "sources/files/partition_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "data/hive_partition.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

// What the engine calls the column of files' names; it has them in its memory once for each file.
constexpr std::string_view kFileColumn = "_ingestr_file";

}  // namespace

std::vector<std::string> partition_names(const std::string& path) {
  std::vector<std::string> parts = split(path, '/'), names;
  parts.pop_back();
  for (const std::string& part : parts) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    std::string name = part.substr(0, equals);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string partition_column(const std::string& name) {
  std::string decoded = percent_decode(name);
  return is_utf8(decoded) ? decoded : name;
}

std::string partition_options(const std::vector<std::string>& names) {
  return names.empty() ? "hive_partitioning = false" : fmt::format("hive_partitioning = false, filename = '{}'", kFileColumn);
}

std::string partition_value(const std::string& name) {
  const std::string pattern = fmt::format(R"(/\Q{}\E=([^/]*)/)", name);
  return fmt::format("nullif(url_decode(regexp_extract('/' || {}, {}, 1)), {})", kFileColumn, duck::quote_text(pattern),
                     duck::quote_text(kHiveNullName));
}

}  // namespace ingestr::files
