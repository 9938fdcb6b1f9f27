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
  // `<file>.ingestr.tmp`, or `.ingestr.tmp` in a directory. Throws as WorkDirectory does.
  explicit Workplace(const Target& target);
  using WorkDirectory::WorkDirectory;

  // Gives a file of this directory, once its bytes are on the disk, the place of `target`, at once for every reader.
  void publish(const std::filesystem::path& written, const std::filesystem::path& target);
};

// One for what is not beside a target: in TMPDIR, or /tmp. Those that dead runs have left there are removed.
std::unique_ptr<Workplace> temporary_workplace(const Environment& environment);

}  // namespace ingestr::file_output
