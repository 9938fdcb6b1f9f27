// What a run leaves on disk around one file, and how it is taken away again.
#pragma once

#include <filesystem>
#include <optional>

#include "base/forced_end.h"
#include "base/made_directories.h"

namespace ingestr {

// Whether the file is what a process leaves that is killed while it makes a DuckDB file: nobody has it open, nothing lies
// beside it, and it ends within DuckDB's headers, before the first row can be. Not for a file that this process has open.
bool is_stub(const std::filesystem::path& file);

// Unless keep() is called, the destructor, or a forced end of the process, removes what this run made: the file, its write-ahead
// log, and the directories above it that are empty then. The run's temporary directory goes in any
// case.
class Footprint {
 public:
  // Makes the directories that are missing, and removes a stub. Throws Error when a directory cannot be made.
  explicit Footprint(std::filesystem::path file);
  ~Footprint();
  Footprint(const Footprint&) = delete;
  Footprint& operator=(const Footprint&) = delete;

  // `<file>.ingestr.tmp.<process id>`: where the engine may spill to. Not made here.
  const std::filesystem::path& temporary() const { return temporary_; }
  // Removes the temporary directories of dead runs. Only for who holds the file's lock and has not
  // spilled yet.
  void remove_left_temporaries() const;
  void keep();

 private:
  void remove() const;

  std::filesystem::path file_;
  std::filesystem::path temporary_;
  MadeDirectories directories_;
  bool made_file_ = false;
  bool kept_ = false;
  std::optional<AtForcedEnd> at_forced_end_;
};

}  // namespace ingestr
