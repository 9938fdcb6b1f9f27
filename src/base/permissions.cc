#include "base/permissions.h"

#include <unistd.h>

namespace ingestr {
namespace fs = std::filesystem;

Permissions::Permissions(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) == 0) found_ = found;
}

void Permissions::give(const fs::path& path) const {
  if (!found_) return;
  // Only root may give a file away, but who made it may give it to another group of theirs. Changing either clears bits of the mode.
  constexpr uid_t kSameOwner = -1;
  for (const uid_t owner : {found_->st_uid, kSameOwner}) {
    if (::lchown(path.c_str(), owner, found_->st_gid) == 0) break;
  }
  std::error_code ignored;
  fs::permissions(path, static_cast<fs::perms>(found_->st_mode) & fs::perms::mask, ignored);
}

}  // namespace ingestr
