#include "engine/transforms.h"

#include <algorithm>


#include "base/error.h"
#include "base/text.h"
#include "duck/text.h"

namespace ingestr {

std::vector<std::string> absent_columns(const Schema& schema, std::vector<std::string> names) {
  std::erase_if(names, [&](const std::string& name) {
    return std::any_of(schema.columns.begin(), schema.columns.end(),
                       [&](const Column& column) { return equal_ignoring_case(column.name, name); });
  });
  return names;
}

ColumnFilter::ColumnFilter(const Schema& schema, std::vector<std::string> excluded) : excluded_(std::move(excluded)) {
  if (apply(schema).columns.empty()) {
    throw Error(ErrorKind::usage, "--sql-exclude-columns leaves no column; exclude fewer");
  }
}

bool ColumnFilter::keeps(const Column& column) const {
  return std::none_of(excluded_.begin(), excluded_.end(),
                      [&](const std::string& name) { return equal_ignoring_case(name, column.name); });
}

Schema ColumnFilter::apply(const Schema& schema) const {
  Schema kept;
  std::copy_if(schema.columns.begin(), schema.columns.end(), std::back_inserter(kept.columns),
               [&](const Column& column) { return keeps(column); });
  return kept;
}

Batch ColumnFilter::apply(Batch batch) {
  if (excluded_.empty()) return batch;
  if (batch.shared_schema() != last_) {
    last_ = batch.shared_schema();
    last_filtered_ = std::make_shared<const Schema>(apply(batch.schema()));
  }
  nanoarrow::UniqueArray kept;
  if (ArrowArrayInitFromType(kept.get(), NANOARROW_TYPE_STRUCT) != NANOARROW_OK ||
      ArrowArrayAllocateChildren(kept.get(), static_cast<int64_t>(last_filtered_->columns.size())) != NANOARROW_OK) {
    throw std::bad_alloc();
  }
  size_t next = 0;
  for (size_t i = 0; i < batch.schema().columns.size(); ++i) {
    if (!keeps(batch.schema().columns[i])) continue;
    ArrowArrayMove(batch.array()->children[i], kept->children[next++]);
  }
  kept->length = batch.rows();
  kept->null_count = 0;
  return Batch(last_filtered_, std::move(kept), batch.bytes());
}

Relation ColumnFilter::apply(Relation relation) const {
  if (excluded_.empty()) return relation;
  std::vector<std::string> names;
  for (const Column& column : apply(relation.schema).columns) names.push_back(duck::quote_name(column.name));
  relation.select = fmt::format("SELECT {} FROM ({})", fmt::join(names, ", "), relation.select);
  relation.schema = apply(relation.schema);
  return relation;
}

}  // namespace ingestr
