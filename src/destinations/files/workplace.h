// Workplace: the directory beside a target, or in a target that is a directory, where a run works.
#pragma once

#include <filesystem>
#include <memory>

#include "base/environment.h"
#include "base/work_directory.h"
#include "destinations/files/target.h"

namespace ingestr::file_output {

class Workplace : public WorkDirectory {
 public:
  // What it is called in a directory, and what stands behind the name of a file.
  static constexpr const char* kInDirectory = ".ingestr.tmp";

  // `<file>.ingestr.tmp`, or `.ingestr.tmp` in a directory. Throws as WorkDirectory does.
  explicit Workplace(const Target& target);
  using WorkDirectory::WorkDirectory;

  // Gives a file of this directory, once its bytes are on the disk, the place of `target`, at once for every reader.
  void publish(const std::filesystem::path& written, const std::filesystem::path& target);
};

// Has what was written into a file, or the names of a directory, on the disk. Throws Error(auth, unavailable).
void sync(const std::filesystem::path& path);
// Removes a directory that runs of this user have worked in, if it is there, and is no link; false when one still works there.
bool remove_if_unused(const std::filesystem::path& directory);

// One for what is not beside a target: in TMPDIR, or /tmp. Those that dead runs have left there are removed.
std::unique_ptr<Workplace> temporary_workplace(const Environment& environment);

}  // namespace ingestr::file_output
