// Transforms: what happens to rows on their way from the source to the landing table. Columns are left out, named, cast,
// trimmed and masked, in this order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/batch.h"
#include "duck/batch_query.h"
#include "engine/column_plan.h"
#include "engine/relation.h"

namespace ingestr {

// Of one run. Values that need work get it as SQL in an engine that has no file and no directory to spill to; others are
// handed on as they are. One thread at a time.
class Transforms {
 public:
  // Throws what ColumnPlan throws.
  Transforms(ColumnWishes wishes, ColumnFacts facts, std::stop_token stop = {});

  const ColumnPlan& plan() const { return plan_; }
  // What lands. Grows at its end, and types of inferred columns widen, as batches come.
  const Schema& schema() const { return *schema_; }

  // Throws Error(bad_data) naming row, counted from the first batch on, and column for a value that cannot become its column's
  // type or that its mask cannot read. The value of a masked column is not repeated.
  Batch apply(Batch batch);

  // The relation, whose schema is the source's as declared, with its columns as they land. It numbers rows from 1 on in the
  // errors that it raises, which are bad_data.
  Relation apply(Relation relation) const;

  // After the last batch, unless what the wishes name need not exist. Throws Error(usage) when rows came but never the column of a mask: its name may be a mistake, and the
  // values may have come under another. Returns a sentence for each column of --columns that never came.
  std::vector<std::string> finish() const;

 private:
  bool only_names(const Relation& relation) const;
  void follow(const Batch& batch);
  void compute(Batch& batch, std::vector<nanoarrow::UniqueArray>& landed);

  ColumnPlan plan_;
  std::stop_token stop_;
  std::shared_ptr<const Schema> schema_;
  std::shared_ptr<const Schema> last_;               // of the last batch
  std::vector<std::optional<size_t>> last_places_;   // of its columns
  std::unique_ptr<duck::BatchQuery> query_;          // made when it is needed
  uint64_t rows_ = 0;
};

}  // namespace ingestr
