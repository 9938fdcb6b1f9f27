// Whether files stay as they are while they are read: some are read twice, and a program of this machine that writes one of them anew
// empties it first; of one at a server the parts come one by one.
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
  // As they are now; those of a place elsewhere as they were found.
  explicit Unchanged(const Files& files);
  // Throws Error(bad_data) naming the first file of this machine that is another one now, or was written to.
  void check() const;
  // Likewise once all rows are taken; asks a place elsewhere for its files. Throws what Files::look_again throws.
  void finish() const;

 private:
  struct Seen {
    std::string path, name, state;
  };
  std::vector<Seen> files_;
  std::function<void()> look_again_;
};

// Looks once all rows are taken.
std::function<std::unique_ptr<RowCheck>(duck::Connection&)> row_check(const Unchanged& unchanged);

}  // namespace ingestr::files
