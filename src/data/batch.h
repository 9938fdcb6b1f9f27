// Batch: the noun in the middle of the program. A move-only owner of some rows of one table, laid out as the Arrow
// columnar format says and held through the Arrow C data interface
// (https://arrow.apache.org/docs/format/CDataInterface.html).
#pragma once

#include <cstdint>
#include <memory>

#include "data/schema.h"
#include "nanoarrow/nanoarrow.hpp"

namespace ingestr {

class Batch {
 public:
  // Takes over `array`, a struct array with one child per column of `schema`, in its order, each laid out as
  // `arrow_schema(schema)` says. `bytes` is about what it holds in memory.
  Batch(std::shared_ptr<const Schema> schema, nanoarrow::UniqueArray array, uint64_t bytes);

  const Schema& schema() const { return *schema_; }
  const std::shared_ptr<const Schema>& shared_schema() const { return schema_; }
  int64_t rows() const { return array_->length; }
  uint64_t bytes() const { return bytes_; }
  // The rows. A consumer may move the array out (the Arrow C data interface's move); the batch is then empty.
  ArrowArray* array() { return array_.get(); }

 private:
  std::shared_ptr<const Schema> schema_;
  nanoarrow::UniqueArray array_;
  uint64_t bytes_ = 0;
};

// The Arrow schema of the struct array that a batch of this schema holds. Varchar, json, uuid, null and every
// inferred column travel as "utf8"; json ones carry the extension name "arrow.json" so that readers know.
nanoarrow::UniqueSchema arrow_schema(const Schema& schema);

}  // namespace ingestr
