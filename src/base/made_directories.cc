#include "base/made_directories.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/error.h"

namespace ingestr {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> missing_directories(const fs::path& file) {
  std::vector<fs::path> missing;
  std::error_code ignored;
  fs::path at = fs::absolute(file).parent_path();
  for (; at.has_relative_path() && !fs::exists(at, ignored); at = at.parent_path())
    missing.push_back(at);
  std::ranges::reverse(missing);
  return missing;
}

}  // namespace

MadeDirectories::MadeDirectories(const fs::path& file) {
  for (const fs::path& directory : missing_directories(file)) {
    std::error_code error;
    if (fs::create_directory(directory, error)) made_.push_back(directory);
    if (!error) continue;
    remove();
    const ErrorKind kind =
        error == std::errc::permission_denied ? ErrorKind::auth : ErrorKind::not_found;
    throw Error(
        kind,
        fmt::format("cannot open {}: the directory {} cannot be made ({}); name a file elsewhere",
                    file.string(), directory.string(), error.message()));
  }
  if (!made_.empty()) at_forced_end_.emplace([this] { remove(); });
}

MadeDirectories::~MadeDirectories() {
  at_forced_end_.reset();
  remove();
}

void MadeDirectories::remove() {
  std::error_code ignored;
  for (const fs::path& directory : std::views::reverse(made_)) fs::remove(directory, ignored);
}

}  // namespace ingestr
