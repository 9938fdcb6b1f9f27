// The bytes of a file that is here, from any place on.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace ingestr::files {

// One thread at a time. A file that cannot be opened has no bytes.
class FileBytes {
 public:
  explicit FileBytes(const std::string& path);

  uint64_t size() const { return size_; }
  // So many bytes from there on, or those that there are; empty: they cannot be read.
  std::string at(uint64_t offset, uint64_t most);

 private:
  std::ifstream bytes_;
  uint64_t size_ = 0;
};

}  // namespace ingestr::files
