#include "destinations/duckdb/landing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "destinations/duckdb/tables.h"
#include "engine/memory_retry.h"
#include "engine/relation_progress.h"

namespace ingestr {
namespace {

// So many bytes fit into memory whatever the row group is.
constexpr uint64_t kSmallTableBytes = 4'000'000;

// What goes from a batch at a time; and a multiple of eight rows, because of validity bitmaps.
constexpr uint64_t kSliceBytes = 4'000'000;
constexpr uint64_t kSliceRows = 2'048;

uint64_t slice_rows(uint64_t bytes_per_row) {
  const uint64_t rows = kSliceBytes / std::max<uint64_t>(bytes_per_row, 1) / 8 * 8;
  return std::clamp<uint64_t>(rows, 8, kSliceRows);
}

}  // namespace

Landing::Landing(Store& store, const DuckdbDialect& dialect, TableName table, Schema schema,
                 std::stop_token stop, Counters& counters)
    : store_(store),
      dialect_(dialect),
      table_(std::move(table)),
      schema_(std::move(schema)),
      stop_(std::move(stop)),
      counters_(counters),
      connection_(store_.connect(stop_)) {
  begin();
}

Landing::~Landing() {
  if (finished_) return;
  rows_.reset();
  transaction_.reset();
  if (!committed_) return;
  try {
    connection_.execute(fmt::format("DELETE FROM {}", dialect_.table(table_)));
  } catch (const std::exception&) {
    // The landing table goes as a whole soon, or with the next run.
  }
}

void Landing::begin() {
  transaction_.emplace(connection_);
  rows_ = std::make_unique<duck::TableAppender>(connection_, store_.catalog(), schema_of(table_),
                                                table_.table, schema_, landed_rows_);
}

void Landing::commit() {
  if (!transaction_) return;
  rows_->flush();
  rows_.reset();
  transaction_->commit();
  transaction_.reset();
  committed_ = true;
}

void Landing::append(Batch batch) {
  throw_if_stopped(stop_);
  if (batch.schema().columns.size() > schema_.columns.size()) grow(batch.schema());
  if (batch.rows() == 0) return;
  if (!transaction_) begin();
  const uint64_t bytes_per_row = batch.bytes() / static_cast<uint64_t>(batch.rows());
  const auto step = static_cast<int64_t>(slice_rows(bytes_per_row));
  for (int64_t first = 0; first < batch.rows(); first += step) {
    append_slice(batch, first, std::min(step, batch.rows() - first), bytes_per_row);
  }
}

void Landing::append_slice(Batch& batch, int64_t first, int64_t rows, uint64_t bytes_per_row) {
  const auto count = static_cast<uint64_t>(rows);
  const uint64_t bytes = count * bytes_per_row;
  const uint64_t fitting = Store::row_group_rows(schema_.columns.size(), bytes_per_row);
  if (landed_bytes_ + bytes >= kSmallTableBytes && fitting <= store_.row_group_rows() / 2) {
    commit();
    store_.set_row_group_rows(fitting);
    begin();
  }
  cut(count, bytes);
  rows_->append(batch, first, rows, bytes);
  landed_rows_ += count;
  landed_bytes_ += bytes;
  store_.add_landed(count, bytes);
}

// Whole, in a transaction of its own: a relation that fails is not there at all.
void Landing::append(const Relation& relation) {
  throw_if_stopped(stop_);
  commit();
  Store::Scan scan(store_, schema_.columns.size(), relation.row_bytes);
  const Prepared prepared(connection_, relation);
  const uint64_t rows = retry_with_more_memory(counters_, [&] { return scan.take_much(); }, [&] { return insert(relation); });
  landed_rows_ += rows;
  landed_bytes_ += rows * relation.row_bytes;
  store_.add_landed(rows, rows * relation.row_bytes);
}

uint64_t Landing::insert(const Relation& relation) {
  RelationProgress progress(relation, store_.engine(), counters_, stop_);
  duck::Transaction transaction(connection_);
  const uint64_t rows = checked(connection_, relation, [&] {
    return connection_.change(
        fmt::format("INSERT INTO {} SELECT * FROM ({}) WHERE {}", dialect_.table(table_),
                    relation.select, duck::Database::passing()),
        progress.watch());
  });
  transaction.commit();
  progress.end(rows);
  return rows;
}

// Keeps account of the row group that is being filled, and ends it when it gets too big: that of
// wide rows would, because DuckDB has none of less than 2,048 rows unless it is cut short.
void Landing::cut(uint64_t rows, uint64_t bytes) {
  const bool full = group_rows_ >= store_.row_group_rows();
  const bool too_big =
      group_rows_ > 0 && group_bytes_ + bytes > 2 * Store::row_group_bytes(schema_.columns.size());
  if (!full && too_big) {
    commit();
    store_.cut_row_group();
    begin();
  }
  if (full || too_big) group_rows_ = group_bytes_ = 0;
  group_rows_ += rows;
  group_bytes_ += bytes;
  store_.fit_memory(schema_.columns.size(), group_bytes_);
}

// Not inside the transaction of the rows: DuckDB would keep them all in memory for it.
void Landing::grow(const Schema& schema) {
  commit();
  for (size_t i = schema_.columns.size(); i < schema.columns.size(); ++i) {
    connection_.execute(add_column_sql(table_, schema.columns[i], dialect_));
    schema_.columns.push_back(schema.columns[i]);
  }
  begin();
}

void Landing::finish() {
  throw_if_stopped(stop_);
  commit();
  finished_ = true;
}

}  // namespace ingestr
