// NamelessFile: what must be a file for a while, and is gone however the run ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ingestr {

// Without a name in a directory, or in memory.
class NamelessFile {
 public:
  // `where` empty: in memory. Throws Error(unavailable).
  explicit NamelessFile(const std::string& where);
  ~NamelessFile();
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;

  // Throws Error(unavailable), as for a full disk.
  void write(const char* bytes, size_t count);
  // By which this process opens it; each time it begins at its beginning.
  std::string path() const;

 private:
  int descriptor_;
};

}  // namespace ingestr
