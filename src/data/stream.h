// The two ends of a flow of batches.
#pragma once

#include <optional>

#include "data/batch.h"

namespace ingestr {

// The end that rows are pushed into.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  // Takes the batch over. Blocks while the other end is behind; throws Error(cancelled) once nobody reads any more.
  // A later batch's schema may have more columns at its end, and wider types of inferred columns, never less.
  // One thread at a time.
  virtual void push(Batch batch) = 0;
};

// The end that rows are pulled out of.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  // The next batch; nothing at the end. Throws what went wrong upstream.
  virtual std::optional<Batch> next() = 0;
};

}  // namespace ingestr
