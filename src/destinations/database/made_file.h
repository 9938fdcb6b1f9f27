// MadeFile: a database file that a run makes goes again when nothing gets into it.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>

#include "base/forced_end.h"

namespace ingestr::database {

// Made before the file is opened. A file that was there is left alone; so is one that somebody else has put something into meanwhile.
class MadeFile {
 public:
  explicit MadeFile(const std::filesystem::path& file);
  ~MadeFile();
  MadeFile(const MadeFile&) = delete;
  MadeFile& operator=(const MadeFile&) = delete;

  void keep() { at_forced_end_.reset(); }
  // A transaction of this run begins, in which nobody else changes the file.
  void begin();
  void end() { is_changing_ = false; }

 private:
  void remove() const;

  std::filesystem::path file_;
  std::atomic<bool> is_changing_ = false;
  std::optional<AtForcedEnd> at_forced_end_;  // of a file that is this run's
};

}  // namespace ingestr::database
