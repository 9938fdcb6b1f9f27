// What happens to batches on their way from the source to the landing table.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "engine/relation.h"

namespace ingestr {

// The names that are of no column of `schema`, ignoring case.
std::vector<std::string> absent_columns(const Schema& schema, std::vector<std::string> names);

// Leaves columns out, by name, ignoring case. Not thread-safe.
class ColumnFilter {
 public:
  // Throws Error(usage) when no column of `schema` would be left. A name may be of none.
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
