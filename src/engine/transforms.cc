#include "engine/transforms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "base/error.h"
#include "data/batch_builder.h"
#include "duck/text.h"

namespace ingestr {
namespace {

nanoarrow::UniqueArray struct_of(std::vector<nanoarrow::UniqueArray>& columns, int64_t rows) {
  nanoarrow::UniqueArray array;
  if (ArrowArrayInitFromType(array.get(), NANOARROW_TYPE_STRUCT) != NANOARROW_OK ||
      ArrowArrayAllocateChildren(array.get(), static_cast<int64_t>(columns.size())) != NANOARROW_OK) {
    throw std::bad_alloc();
  }
  for (size_t i = 0; i < columns.size(); ++i) ArrowArrayMove(columns[i].get(), array->children[i]);
  array->length = rows;
  array->null_count = 0;
  return array;
}

nanoarrow::UniqueArray child_of(Batch& batch, size_t column) {
  nanoarrow::UniqueArray child;
  ArrowArrayMove(batch.array()->children[column], child.get());
  return child;
}

nanoarrow::UniqueArray nulls(const Column& column, int64_t rows) {
  BatchBuilder builder(Schema{{column}});
  for (int64_t i = 0; i < rows; ++i) builder.end_row();
  Batch batch = builder.take();
  return child_of(batch, 0);
}

}  // namespace

Transforms::Transforms(ColumnWishes wishes, ColumnFacts facts, std::stop_token stop)
    : plan_(std::move(wishes), std::move(facts)),
      stop_(std::move(stop)),
      schema_(std::make_shared<const Schema>(plan_.schema())) {}

// Batches nearly always share one schema, so what is known of it is kept.
void Transforms::follow(const Batch& batch) {
  if (batch.shared_schema() == last_) return;
  last_ = batch.shared_schema();
  last_places_.clear();
  for (const Column& column : last_->columns) {
    const std::optional<size_t> place = plan_.place(column);
    if (place && plan_.columns()[*place].column.inferred) plan_.set_inferred_type(*place, column.type);
    last_places_.push_back(place);
  }
  schema_ = std::make_shared<const Schema>(plan_.schema());
}

Batch Transforms::apply(Batch batch) {
  follow(batch);
  const int64_t rows = batch.rows();
  const uint64_t bytes = batch.bytes();
  std::vector<nanoarrow::UniqueArray> landed(schema_->columns.size());
  compute(batch, landed);
  for (size_t i = 0; i < last_places_.size(); ++i) {
    if (!last_places_[i] || batch.array()->children[i]->release == nullptr) continue;
    landed[*last_places_[i]] = child_of(batch, i);
  }
  for (size_t i = 0; i < landed.size(); ++i) {
    if (landed[i]->release == nullptr) landed[i] = nulls(schema_->columns[i], rows);
  }
  rows_ += static_cast<uint64_t>(rows);
  return Batch(schema_, struct_of(landed, rows), bytes);
}

void Transforms::compute(Batch& batch, std::vector<nanoarrow::UniqueArray>& landed) {
  Schema before, after;
  std::vector<size_t> places;
  std::vector<nanoarrow::UniqueArray> columns;
  for (size_t i = 0; i < last_places_.size(); ++i) {
    if (!last_places_[i]) continue;
    const LandedColumn& column = plan_.columns()[*last_places_[i]];
    if (column.stages.empty()) continue;
    places.push_back(*last_places_[i]);
    before.columns.push_back({column.variable, last_->columns[i].type, last_->columns[i].inferred});
    after.columns.push_back(column.column);
    columns.push_back(child_of(batch, i));
  }
  if (places.empty() || batch.rows() == 0) return;
  if (!query_) query_ = std::make_unique<duck::BatchQuery>(stop_);
  query_->know(plan_.functions());
  Batch part(std::make_shared<const Schema>(std::move(before)), struct_of(columns, batch.rows()), batch.bytes());
  Batch done = query_->run(std::move(part), plan_.select(duck::BatchQuery::kRows, places, rows_), after);
  for (size_t i = 0; i < places.size(); ++i) landed[places[i]] = child_of(done, i);
}

// Nothing is to be done but, at most, to name columns otherwise.
bool Transforms::only_names(const Relation& relation) const {
  if (plan_.changes_values() || relation.schema.columns.size() != plan_.columns().size()) return false;
  for (size_t i = 0; i < relation.schema.columns.size(); ++i) {
    const LandedColumn& landed = plan_.columns()[i];
    if (landed.source != relation.schema.columns[i].name || landed.column.type != relation.schema.columns[i].type) return false;
  }
  return true;
}

Relation Transforms::apply(Relation relation) const {
  if (!only_names(relation)) {
    relation.origin = nullptr;
  } else if (relation.schema == *schema_) {
    return relation;
  }
  std::vector<std::string> sources, names;
  std::vector<size_t> places;
  for (size_t place = 0; place < plan_.columns().size(); ++place) {
    const LandedColumn& landed = plan_.columns()[place];
    places.push_back(place);
    names.push_back(duck::quote_name(landed.column.name));
    sources.push_back(fmt::format("{} AS {}", landed.is_there ? duck::quote_name(landed.source) : "NULL::JSON", landed.variable));
  }
  const std::string rows = fmt::format("(SELECT {} FROM ({}))", fmt::join(sources, ", "), relation.select);
  relation.select = fmt::format("FROM ({}) AS landed({})", plan_.select(rows, places, 0), fmt::join(names, ", "));
  relation.schema = *schema_;
  std::ranges::copy(plan_.functions(), std::back_inserter(relation.functions));
  return relation;
}

std::vector<std::string> Transforms::finish() const {
  if (rows_ == 0 || !plan_.must_exist()) return {};
  const std::vector<std::string> masks = plan_.unused_masks();
  if (!masks.empty()) throw_no_column("--mask", masks.front(), schema_->names());
  std::vector<std::string> sentences;
  for (const std::string& name : plan_.unseen_overrides()) {
    sentences.push_back(fmt::format("no row has the column {} of --columns; it is NULL in all", name));
  }
  for (const auto& [masked, bare] : plan_.beside_masks()) {
    sentences.push_back(fmt::format("{} is masked, and {} {} not; mask them as well, or leave them out with --sql-exclude-columns, if "
                                    "they tell the same",
                                    masked, fmt::join(bare, ", "), bare.size() == 1 ? "is" : "are"));
  }
  return sentences;
}

}  // namespace ingestr
