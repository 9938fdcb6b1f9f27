// What happens to batches on their way from the source to the landing table.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "engine/relation.h"

namespace ingestr {

// Leaves columns out, by name, ignoring case. Not thread-safe.
class ColumnFilter {
 public:
  // Throws Error(usage) when a name is in no column of `schema`, or when no column would be left.
  ColumnFilter(const Schema& schema, std::vector<std::string> excluded);

  Schema apply(const Schema& schema) const;
  Batch apply(Batch batch);
  Relation apply(Relation relation) const;

 private:
  bool keeps(const Column& column) const;

  std::vector<std::string> excluded_;
  // Batches nearly always share one schema, so its filtered form is kept.
  std::shared_ptr<const Schema> last_;
  std::shared_ptr<const Schema> last_filtered_;
};

}  // namespace ingestr
