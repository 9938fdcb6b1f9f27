// Directories that are made for a file, and taken away again when it is not written.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/forced_end.h"

namespace ingestr {

// Unless keep() is called, the destructor, or a forced end of the process, removes those of them that are empty then.
class MadeDirectories {
 public:
  // Makes the directories above `file` that are missing. Throws Error (auth, not_found) when one cannot be made.
  explicit MadeDirectories(const std::filesystem::path& file);
  ~MadeDirectories();
  MadeDirectories(const MadeDirectories&) = delete;
  MadeDirectories& operator=(const MadeDirectories&) = delete;

  void keep() {
    at_forced_end_.reset();
    made_.clear();
  }

 private:
  void remove();

  std::vector<std::filesystem::path> made_;  // the outermost first
  std::optional<AtForcedEnd> at_forced_end_;
};

}  // namespace ingestr
