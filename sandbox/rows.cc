#include "rows.h"

#include <fmt/core.h>

#include <algorithm>

#include "history.h"

namespace sandbox {
namespace {

constexpr int kNaturalDensity = 60;
constexpr size_t kSampleRows = 200;

}  // namespace

RowWriter::RowWriter(RowShape shape, const std::vector<Attribute>& attributes,
                     const References& references, uint64_t seed, size_t row_bytes)
    : shape_(std::move(shape)), seed_(seed), filler_(2 * row_bytes + 100) {
  const bool entries = !shape_.parent_object.empty();
  for (const auto& attribute : attributes)
    if (!attribute.archived)
      columns_.emplace_back(attribute, shape_.workspace, shape_.owner, references);
  open_ = fmt::format(R"({{"id":{{"workspace_id":"{}","{}":"{}","{}":")", to_text(shape_.workspace),
                      entries ? "list_id" : "object_id", to_text(shape_.owner),
                      entries ? "entry_id" : "record_id");
  values_key_ = entries ? R"(,"entry_values":)" : R"(,"values":)";
  calibrate(row_bytes);
}

void RowWriter::write_open(const Row& row, JsonWriter& out) const {
  RowFacts facts(row, seed_);
  out.raw(open_);
  out.raw(facts.id());
  if (shape_.parent_object.empty()) {
    out.raw(R"("},"created_at":")");
    out.raw(facts.created_at());
    out.raw(R"(","web_url":")");
    out.raw(shape_.web_url);
    out.raw(facts.id());
  } else {
    out.raw(R"("},"parent_record_id":")");
    out.uuid(draw_parent(facts));
    out.raw(R"(","parent_object":)");
    out.string(shape_.parent_object);
    out.raw(R"(,"created_at":")");
    out.raw(facts.created_at());
  }
  out.raw('"');
  const Presence presence = presence_of(row);
  if (presence == Presence::absent) return;
  out.raw(values_key_);
  if (presence == Presence::null) return out.raw("null");
  write_attributes(facts, out);
}

RowWriter::Presence RowWriter::presence_of(const Row& row) const {
  const uint64_t kind = shape_.ragged ? row.key % 50 : 0;
  return kind == 8 ? Presence::absent : kind == 7 ? Presence::null : Presence::there;
}

// From few parents on purpose: a record may be in a list several times.
Uuid RowWriter::draw_parent(RowFacts& facts) const {
  return shape_.parents->original_id(facts.random.next() % 5000)
      .value_or(named_uuid("a parent that is gone"));
}

Uuid RowWriter::parent(const Row& row) const {
  RowFacts facts(row, seed_);
  return draw_parent(facts);
}

const Column* RowWriter::find_column(std::string_view slug) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const Column& column) { return column.slug == slug; });
  return found == columns_.end() ? nullptr : &*found;
}

std::vector<std::string> RowWriter::values_of(const Row& row, std::string_view slug) const {
  Span span{find_column(slug)};
  if (span.column == nullptr || presence_of(row) != Presence::there) return {};
  std::string text;
  JsonWriter out(text);
  RowFacts facts(row, seed_);
  if (!shape_.parent_object.empty()) draw_parent(facts);
  write_attributes(facts, out, &span);
  return split_values(std::string_view(text).substr(span.begin, span.end - span.begin));
}

std::vector<std::string> RowWriter::earlier_values_of(const Row& row, std::string_view slug) const {
  const Column* column = find_column(slug);
  if (column == nullptr || presence_of(row) != Presence::there) return {};
  return earlier_values(*column, row, seed_, values_of(row, slug));
}

void RowWriter::write_attributes(RowFacts& facts, JsonWriter& out, Span* span) const {
  const size_t length = filler_bytes_ / 2 + facts.random.below(filler_bytes_ + 1);
  const std::string_view filler = filler_.text(facts.random.next(), length);
  char separator = '{';
  for (const Column& column : columns_) {
    const bool optional = column.fill < 100;
    if (optional && shape_.ragged && facts.random.percent(3)) continue;
    out.raw(separator);
    separator = ',';
    out.raw(column.open);
    const size_t begin = out.out().size();
    const int chance =
        column.content == Content::filler ? column.fill : column.fill * density_ / 100;
    if (!optional || facts.random.percent(chance)) write_values(column, facts, filler, out);
    if (span != nullptr && span->column == &column) *span = {&column, begin, out.out().size()};
    out.raw(']');
  }
  out.raw('}');
}

size_t RowWriter::measure() const {
  std::string text;
  JsonWriter out(text);
  const Collection sample(seed_, kSampleRows);
  for (const Row& row : sample.all()) write_open(row, out);
  return text.size() / kSampleRows;
}

void RowWriter::calibrate(size_t row_bytes) {
  density_ = kNaturalDensity;
  average_bytes_ = measure();
  if (row_bytes == 0) return;
  const auto filler = std::find_if(columns_.begin(), columns_.end(), [](const Column& column) {
    return column.content == Content::filler;
  });
  if (average_bytes_ < row_bytes && filler != columns_.end()) {
    // The text stands only in the share of rows that have it. Two rounds, as the first one guesses.
    for (int round = 0; round < 2; ++round, average_bytes_ = measure()) {
      const auto missing = (static_cast<double>(row_bytes) - static_cast<double>(average_bytes_)) *
                           100 / filler->fill;
      filler_bytes_ =
          static_cast<size_t>(std::max(0.0, static_cast<double>(filler_bytes_) + missing));
    }
    return;
  }
  while (average_bytes_ > row_bytes && density_ > 0) {
    density_ -= 5;
    average_bytes_ = measure();
  }
}

}  // namespace sandbox
