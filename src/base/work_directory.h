// WorkDirectory: a directory in which one run works, and that tells a living run from a dead one.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/forced_end.h"
#include "base/made_directories.h"

namespace ingestr {

// Of one run at a time, and of one user, for others may neither enter nor see it: a lock on it is held from before anything is in it until it is gone, and ends with the process, however
// that ends. What a dead run has left in it is removed, and all of it by the destructor, or a forced end of
// the process.
class WorkDirectory {
 public:
  // Makes it, with the directories above it. Throws Error: conflict when another run works there, or may do so
  // where the file system has no locks, auth and not_found when it
  // cannot be made, auth when what is called so is a link, no directory or another user's.
  explicit WorkDirectory(const std::filesystem::path& path);
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // The directories above it stay.
  void keep() { directories_.keep(); }

 private:
  struct Descriptor {
    ~Descriptor() { close(); }
    void close();
    int number = -1;
  };

  bool lock();  // false: it was removed meanwhile
  void remove() const;

  std::filesystem::path path_;
  MadeDirectories directories_;
  Descriptor descriptor_;
  std::optional<AtForcedEnd> at_forced_end_;
};

// Removes the directories below `directory` whose names begin with `prefix`, and whose runs are dead.
void remove_dead_runs(const std::filesystem::path& directory, std::string_view prefix);

// What the system said of a file: "x cannot be made (Permission denied); …".
[[noreturn]] void fail_in_work(const std::filesystem::path& path, std::string_view what, int error);
// Where a run would make a directory, and may neither use nor remove what is called so.
[[noreturn]] void fail_in_the_way(const std::filesystem::path& path);

}  // namespace ingestr
