// Reading: the rows of a table as they come, read on a thread of its own.
#pragma once

#include <optional>
#include <thread>

#include "data/queue.h"
#include "engine/source.h"

namespace ingestr {

// Begins to read at once; at most a few batches wait. One thread at a time. The destructor stops the reading thread and
// joins it. `table` outlives it.
class Reading {
 public:
  Reading(Table& table, const ReadRequest& request);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // The next batch; nothing at the end. Throws what Table::read() threw.
  std::optional<Batch> next() { return queue_.next(); }

 private:
  BatchQueue queue_;
  std::jthread reader_;
};

}  // namespace ingestr
