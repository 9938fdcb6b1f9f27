// What a run leaves on disk around one file, and how it is taken away again.
#pragma once

#include <filesystem>
#include <optional>

#include "base/forced_end.h"
#include "base/made_directories.h"
#include "base/permissions.h"

namespace ingestr {

// Whether the file is what a process leaves that is killed while it makes a DuckDB file: nobody has it open, nothing lies
// beside it, and it ends within DuckDB's headers, before the first row can be. Not for a file that this process has open.
bool is_stub(const std::filesystem::path& file);

// Unless keep() is called, the destructor, or a forced end of the process, removes what this run made: the file, its write-ahead
// log, and the directories above it that are empty then. The run's temporary directory goes in any
// case.
class Footprint {
 public:
  // Makes the directories that are missing, and removes a stub, also of other people's: an empty one is there again if the file does not stay.
  // Throws Error when a directory cannot be made.
  explicit Footprint(std::filesystem::path file);
  ~Footprint();
  Footprint(const Footprint&) = delete;
  Footprint& operator=(const Footprint&) = delete;

  // `<file>.ingestr.tmp.<process id>`: where the engine may spill to.
  const std::filesystem::path& temporary() const { return temporary_; }
  // The file is there: it gets the permissions of a stub that it replaces. Removes the temporary directories of dead runs, and makes that
  // of this one, for nobody else to see. Only for who holds the file's lock and has not spilled yet.
  void begin() const;
  void keep();

 private:
  void remove() const;
  void remove_stub();
  void remove_left_temporaries() const;

  std::filesystem::path file_, real_;  // behind links
  std::filesystem::path temporary_;
  MadeDirectories directories_;
  std::optional<Permissions> stub_;
  bool was_empty_ = false;
  bool made_file_ = false;
  bool kept_ = false;
  std::optional<AtForcedEnd> at_forced_end_;
};

}  // namespace ingestr
