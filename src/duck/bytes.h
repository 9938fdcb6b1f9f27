// The bytes of a file, wherever an engine's session can open it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "duck/connection.h"

namespace ingestr::duck {

// Open as long as it lives, and so is a transaction of the connection, which outlives it and has no other meanwhile. One thread at a
// time. Throws what duck/failure.h says.
class FileBytes {
 public:
  // `ahead`: how much is fetched at least where little is asked for; what lies near is then at hand.
  FileBytes(Connection& connection, const std::string& path, uint64_t ahead = 0);
  ~FileBytes();

  uint64_t size() const { return size_; }
  // So many bytes from there on; fewer: the file ends.
  std::string at(uint64_t offset, uint64_t most);

 private:
  struct Handles;

  std::string fetched(uint64_t offset, uint64_t most);

  Transaction transaction_;  // a web server's file is not opened without
  std::unique_ptr<Handles> handles_;
  uint64_t size_ = 0, ahead_;
  std::string window_;
  uint64_t window_offset_ = 0;
};

}  // namespace ingestr::duck
