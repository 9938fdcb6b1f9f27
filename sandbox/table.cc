#include "table.h"

#include <algorithm>

namespace sandbox {

void write_extra(const std::vector<ExtraKey>& extra, uint64_t index, std::string& out) {
  JsonWriter writer(out);
  for (const ExtraKey& key : extra) {
    if (index < key.from_row) continue;
    writer.raw(',');
    writer.string(key.name);
    writer.raw(':');
    writer.raw(key.json);
  }
}

Table::Table(std::unique_ptr<Collection> rows, std::unique_ptr<RowWriter> writer)
    : rows_(std::move(rows)), writer_(std::move(writer)) {}

void Table::write_page(const Query& query, const std::vector<ExtraKey>& extra,
                       std::string& out) const {
  const std::vector<Row> rows =
      query.selective() ? select(query) : rows_->page(query.offset, query.limit);
  out.reserve(out.size() + rows.size() * (writer_->average_bytes() + 200) + 100);
  JsonWriter writer(out);
  uint64_t index = query.offset;
  for (const Row& row : rows) {
    if (index != query.offset) writer.raw(',');
    writer_->write_open(row, writer);
    write_extra(extra, index++, out);
    writer.raw('}');
  }
}

void Table::write_one(const Collection::Found& found, const std::vector<ExtraKey>& extra,
                      std::string& out) const {
  JsonWriter writer(out);
  writer_->write_open(found.row, writer);
  write_extra(extra, found.position, out);
  writer.raw('}');
}

std::vector<Row> Table::select(const Query& query) const {
  struct Candidate {
    Milliseconds created;
    Row row;
  };
  std::vector<Candidate> candidates;
  for (const Row& row : rows_->all()) {
    if (query.ids && std::find(query.ids->begin(), query.ids->end(), row.id) == query.ids->end())
      continue;
    const Milliseconds created = writer_->created(row);
    if (query.created_from && created < *query.created_from) continue;
    if (query.created_until && created >= *query.created_until) continue;
    candidates.push_back({created, row});
  }
  // Ties keep the order of ids, in both directions: the API promises nothing here.
  if (query.order == Order::created_ascending)
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.created < b.created; });
  if (query.order == Order::created_descending)
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.created > b.created; });
  std::vector<Row> page;
  for (uint64_t i = query.offset; i < candidates.size() && page.size() < query.limit; ++i)
    page.push_back(candidates[i].row);
  return page;
}

}  // namespace sandbox
