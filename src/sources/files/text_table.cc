#include "sources/files/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "duck/database.h"
#include "engine/evolution.h"
#include "engine/interval.h"
#include "engine/wishes.h"
#include "sources/files/compressed_file.h"
#include "sources/files/requested.h"
#include "sources/files/unchanged.h"

namespace ingestr::files {
namespace {

// So much of a large file is looked at before it is loaded.
constexpr uint64_t kSampleBytes = 8'000'000;
constexpr uint64_t kLeastSampleRows = 1'000;

// Whether the sentence is of what a file holds or where it lies, and may lack its name.
bool is_of_file(ErrorKind kind) { return kind == ErrorKind::bad_data || kind == ErrorKind::unavailable || kind == ErrorKind::auth; }

// Names the files, unless the error names one of them.
Error named(const Error& error, const Files& files) {
  const std::string_view text = error.what();
  const bool names_one = contains(text, files.name) || std::ranges::any_of(files.paths, [&](const std::string& path) {
                           return contains(text, path) || contains(text, files.called(path));
                         });
  return !is_of_file(error.kind()) || names_one ? error : Error(error.kind(), fmt::format("{}: {}", files.name, text));
}

duck::Database one_thread() { return duck::Database(duck::Database::Settings{{"threads", "1"}}); }

}  // namespace

TextTable::TextTable(std::string name, FindFiles find, std::unique_ptr<Format> format, std::stop_token stop)
    : find_(std::move(find)), format_(std::move(format)), stop_(std::move(stop)) {
  spec_.name = std::move(name);
}

void TextTable::learn(duck::Connection& connection, std::optional<uint64_t> rows) {
  try {
    spec_.schema = format_->learn(connection, rows);
  } catch (const Error& error) {
    throw named(error, files_);
  }
  const Column* key = request_.has_interval() ? find_column(spec_.schema, request_.incremental_key) : nullptr;
  // The key keeps the type that it has.
  for (const std::string& word : request_.as_written) {
    const Column* column = best_fit(spec_.schema, word);
    if (column != nullptr && column != key) spec_.schema.columns[*spec_.schema.find(column->name)] = format_->as_written(column->name);
  }
  if (!request_.types_there) return;
  const std::vector<std::optional<Type>> types = request_.types_there(spec_.schema);
  for (size_t i = 0; i < types.size(); ++i) {
    Column& column = spec_.schema.columns[i];
    if (types[i] && &column != key) column.type = format_->type_for(column, *types[i]);
  }
}

void TextTable::prepare(const ReadRequest& request) {
  request_ = request;
  files_ = find_();
  unchanged_ = Unchanged(files_);
  if (request.limit && !request.has_interval()) read_rows_ = request.limit;
  duck::Connection connection = files_.connect(one_thread(), stop_);
  const PackedTexts packed = check_compressed(connection, files_, {.to_the_end = !read_rows_, .longest_line = format_->longest_line()}, stop_);
  try {
    row_bytes_ = format_->open(connection, files_, packed);
  } catch (const Error& error) {
    throw named(error, files_);
  }
  const bool is_small = files_.bytes > 0 && files_.bytes <= kSampleBytes && !files_.is_compressed();
  const uint64_t sample = std::max(kLeastSampleRows, kSampleBytes / std::max<uint64_t>(row_bytes_, 1));
  provisional_ = !is_small && read_rows_.value_or(UINT64_MAX) > sample;
  learn(connection, provisional_ ? std::optional(sample) : read_rows_);
  if (format_->holds_rows()) {
    std::exchange(unchanged_, Unchanged()).finish();
  } else {
    unchanged_.check();
  }
  // A row that is longer than a piece must not be the end of it: all rows are looked at then, and read again.
  if (provisional_ && request.in_small_pieces) format_->read_in(connection, Pieces::small);
  prepared_ = true;
  if (spec_.schema.columns.empty() && provisional_) settle_types();
  if (spec_.schema.columns.empty()) {
    if (row_bytes_ == 0) return;
    throw Error(ErrorKind::bad_data,
                fmt::format("{} has rows, but none of them has a key, so there is no column to load; is it the right file?", files_.name));
  }
  const bool has_key = request.incremental_key.empty() || find_column(spec_.schema, request.incremental_key) != nullptr;
  if (provisional_ && !has_key) settle_types();  // only later rows may have it
  const Column* key = interval_column(spec_, request);
  // No row of the sample has a value of the key, so it says nothing of the interval.
  const bool key_is_unknown = key != nullptr && key->type.id == TypeId::null;
  if (provisional_ && (!request.provisional || key_is_unknown)) settle_types();
  interval_column(spec_, request);
}

void TextTable::settle_types() {
  unchanged_.check();
  const duck::Database engine;
  duck::Connection connection = files_.connect(engine, stop_);
  format_->read_in(connection, Pieces::large);
  learn(connection, read_rows_);
  provisional_ = false;
}

std::string TextTable::select(const ReadRequest& request) const {
  return requested(format_->select(spec_.schema), spec_, request);
}

std::optional<Relation> TextTable::relation(const ReadRequest& request) {
  if (spec_.schema.columns.empty()) return std::nullopt;
  return Relation{.before = files_.before(),
                  .select = select(request),
                  .schema = spec_.schema,
                  .row_bytes = row_bytes_,
                  .provisional = provisional_,
                  .check = row_check(unchanged_)};
}

void TextTable::read(const ReadRequest& request, BatchSink& rows) {
  if (!prepared_) prepare(request);
  if (spec_.schema.columns.empty()) return;
  if (provisional_) settle_types();
  const duck::Database engine;
  files_.connect(engine, stop_).read(select(request), spec_.schema, rows);
  unchanged_.finish();
}

}  // namespace ingestr::files
