// Workplace: the directory beside a target, or in a target that is a directory, where a run works.
#pragma once

#include <filesystem>
#include <memory>

#include "base/environment.h"
#include "base/made_directories.h"
#include "destinations/files/target.h"

namespace ingestr::file_output {

// Of one run at a time. What a dead run has left in it is removed, and all of it by the destructor.
class Workplace {
 public:
  // What it is called in a directory, and what stands behind the name of a file.
  static constexpr const char* kInDirectory = ".ingestr.tmp";

  // `<file>.ingestr.tmp`, or `.ingestr.tmp` in a directory; made with the directories above it. Throws Error: conflict when
  // another run works there, auth and not_found when it cannot be made.
  explicit Workplace(const Target& target);
  // The directory itself.
  explicit Workplace(const std::filesystem::path& path);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Gives a file of this directory, once its bytes are on the disk, the place of `target`, at once for every reader.
  void publish(const std::filesystem::path& written, const std::filesystem::path& target);
  // The directories above it stay.
  void keep() { directories_.keep(); }

 private:
  bool lock();  // false: it was removed meanwhile

  std::filesystem::path path_;
  MadeDirectories directories_;
  int descriptor_ = -1;
};

// Has what was written into a file, or the names of a directory, on the disk. Throws Error(auth, unavailable).
void sync(const std::filesystem::path& path);
// Removes a directory that runs have worked in, if it is there; false when one still does.
bool remove_if_unused(const std::filesystem::path& directory);

// One for what is not beside a target: in TMPDIR, or /tmp. Those that dead runs have left there are removed.
std::unique_ptr<Workplace> temporary_workplace(const Environment& environment);

}  // namespace ingestr::file_output
