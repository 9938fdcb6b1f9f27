// What a run leaves on disk around one file, and how it is taken away again.
#pragma once

#include <filesystem>

#include "base/made_directories.h"

namespace ingestr {

// Unless keep() is called, the destructor removes what this run made: the file, its write-ahead
// log, and the directories above it that are empty then. The run's temporary directory goes in any
// case.
class Footprint {
 public:
  // Makes the directories that are missing. An empty file that nobody has locked is taken for none:
  // a run that was killed at its very beginning leaves one. Throws Error when a directory cannot be
  // made.
  explicit Footprint(std::filesystem::path file);
  ~Footprint();
  Footprint(const Footprint&) = delete;
  Footprint& operator=(const Footprint&) = delete;

  // `<file>.ingestr.tmp.<process id>`: where the engine may spill to. Not made here.
  const std::filesystem::path& temporary() const { return temporary_; }
  // Removes the temporary directories of dead runs. Only for who holds the file's lock and has not
  // spilled yet.
  void remove_left_temporaries() const;
  void keep() { kept_ = true; }

 private:
  std::filesystem::path file_;
  std::filesystem::path temporary_;
  MadeDirectories directories_;
  bool made_file_ = false;
  bool kept_ = false;
};

}  // namespace ingestr
