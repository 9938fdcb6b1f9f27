// Whether files of this machine stay as they are while they are read: some are read twice, and another program that writes one of them anew
// empties it first.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/relation.h"
#include "sources/files/files.h"

namespace ingestr::files {

class Unchanged {
 public:
  Unchanged() = default;  // nothing is held against anything
  // As they are now. Files that lie elsewhere are not looked at.
  explicit Unchanged(const Files& files);
  // Throws Error(bad_data) naming the first file that is another one now, or was written to.
  void check() const;

 private:
  struct Seen {
    std::string path, name, state;
  };
  std::vector<Seen> files_;
};

// Looks once all rows are taken.
std::function<std::unique_ptr<RowCheck>(duck::Connection&)> row_check(const Unchanged& unchanged);

}  // namespace ingestr::files
