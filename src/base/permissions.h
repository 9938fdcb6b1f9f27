// Permissions: owner, group and mode of a file or directory, for the one that takes its place.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>

namespace ingestr {

class Permissions {
 public:
  // Of what is there now, be it nothing.
  explicit Permissions(const std::filesystem::path& path);
  // As far as this process may.
  void give(const std::filesystem::path& path) const;

 private:
  std::optional<struct stat> found_;
};

}  // namespace ingestr
