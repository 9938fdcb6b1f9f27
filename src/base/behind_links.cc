#include "base/behind_links.h"

namespace ingestr {
namespace fs = std::filesystem;
namespace {

constexpr int kMostLinks = 40;  // Linux follows no more

// Without the links whose ends are there.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  fs::path found = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : found;
}

}  // namespace

fs::path behind_links(const fs::path& path) {
  std::error_code error;
  fs::path found = resolved(fs::absolute(path));
  for (int links = 0; links < kMostLinks && fs::is_symlink(found, error); ++links) {
    found = resolved(found.parent_path() / fs::read_symlink(found, error));
  }
  return found;
}

}  // namespace ingestr
