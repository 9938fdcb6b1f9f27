// What a place says of one of its files.
#pragma once

#include <cstdint>
#include <string>

namespace ingestr::files {

struct Entry {
  enum class Kind { file, directory, other };

  std::string name;  // in its directory
  Kind kind = Kind::other;
  uint64_t bytes = 0;
  int64_t changed = 0;         // seconds since 1970, by that place's clock
  uint32_t permissions = 0;    // of POSIX, the lowest 12 bits
  bool is_link = false;        // the rest is of what it leads to
};

// A file by its path.
struct File {
  std::string path;
  uint64_t bytes = 0;
  int64_t changed = 0;
};

}  // namespace ingestr::files
