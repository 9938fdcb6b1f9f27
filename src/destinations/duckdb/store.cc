#include "destinations/duckdb/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "duck/freed_memory.h"
#include "duck/memory_limit.h"
#include "duck/text.h"

// How 350 MB of JSON land in about 110 MB of memory. Measured with 100,000 rows of 3.4 KB (an Attio
// record) in batches of 500; a process that only has DuckDB loaded has 33 MB:
//
//   row group  memory_limit  threads  peak RSS     MB/s
//     122,880  80% of RAM          2   1011 MB       41   DuckDB's defaults
//     122,880  60 MB               2    517 MB       93   spills a row group and reads it again
//     122,880  60 MB               2    215 MB  77..128   with a CHECKPOINT every 24 MB
//       8,192  80% of RAM          2    297 MB      159
//       8,192  20 MB               1    133 MB      158
//       2,048  60 MB               2    144 MB      187
//       2,048  20 MB               1     95 MB      180
//       2,048  by this file        1    110 MB      170   the same for 200,000 rows
//
// A row group stays in memory until it is full, so its size decides. Small ones are bad for narrow
// rows (2,048 rows of four numbers and a short text: five times the file, twice the time), so it
// goes by bytes. More threads only mean a row group for each. What DuckDB has written it keeps as a
// cache up to memory_limit, so that is little more than what it cannot do without. mallopt,
// malloc_trim and DuckDB's allocator settings make no difference.
namespace ingestr {
namespace {

// What DuckDB wants to have at all, and for each column: two or three blocks of 256 KiB that a row
// group holds on to, with something to spare. With less, appending fails.
constexpr uint64_t kEngineBytes = 16'000'000;
constexpr uint64_t kColumnBytes = 1'000'000;

// The size of a row group. Many columns take their blocks anyway, so they may fill them.
constexpr uint64_t kRowGroupBytes = 8'000'000;
constexpr uint64_t kRowGroupColumnBytes = 250'000;

// What joining the landed rows with a table wants: their keys in a hash table, which may spill. To
// update rows in place takes them twice in memory, until the next checkpoint.
constexpr uint64_t kChangeBytes = 100'000'000;
constexpr uint64_t kKeysOfBytes = 2;
constexpr uint64_t kUpdateFactor = 5;

// An index is in memory until the next checkpoint, in a transaction twice: 1,000,000 texts of 32 characters take 110 MB, and
// 500,000 of 100 characters 130 MB.
constexpr uint64_t kIndexEntryBytes = 200;

// What an INSERT of what the engine reads itself wants at all, for each thread, and in row groups for each thread: buffers
// of the reader, rows that wait for those before them, and a row group that is being compressed.
constexpr uint64_t kScanBytes = 60'000'000;
constexpr uint64_t kScanThreadBytes = 30'000'000;
constexpr uint64_t kScanRowGroups = 3;

duck::Database make_engine(const Footprint& footprint, const Environment& environment) {
  const duck::Database::Settings settings = {
      {"threads", "1"},
      {"preserve_insertion_order", "true"},  // rows stay in the order in which the source sent them
      {"temp_directory", std::filesystem::absolute(footprint.temporary()).string()},
      // A checkpoint would merge small row groups into big ones, that is rewrite what was just
      // written.
      {"max_vacuum_tasks", "0"},
      // Columns whose values are that long on average are compressed, where the file's storage
      // version allows it. DuckDB's own limit, 4,096, leaves the JSON of most records as it is.
      {"zstd_min_string_length", "512"},
  };
  return duck::limited_engine(settings, fmt::format("{}B", kEngineBytes + kRowGroupBytes), environment);
}

}  // namespace

// A file that somebody else has locked is theirs, also if it was not there a moment ago.
template <class Work>
decltype(auto) Store::leaving_others_alone(Work&& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::conflict) footprint_.keep();
    throw;
  }
}

Store::Store(const std::filesystem::path& path, const Environment& environment)
    : footprint_(path),
      memory_limit_(duck::memory_limit(environment)),
      engine_(make_engine(footprint_, environment)),
      file_(leaving_others_alone([&] { return duck::DatabaseFile(engine_, path); })),
      room_(kEngineBytes + kRowGroupBytes) {
  footprint_.begin();
}

uint64_t Store::row_group_bytes(size_t columns) {
  return kRowGroupBytes + columns * kRowGroupColumnBytes;
}

uint64_t Store::row_group_rows(size_t columns, uint64_t bytes_per_row) {
  constexpr uint64_t kLeast = duck::DatabaseFile::kLeastRowGroupRows;
  const uint64_t rows = row_group_bytes(columns) / std::max<uint64_t>(bytes_per_row, 1);
  return std::clamp(rows / kLeast * kLeast, kLeast, duck::DatabaseFile::kDefaultRowGroupRows);
}

void Store::set_row_group_rows(uint64_t rows) {
  leaving_others_alone([&] { file_.set_row_group_rows(rows); });
}

void Store::fit_memory(size_t columns, uint64_t bytes) {
  // While a vector of values is compressed some of it is there twice.
  const uint64_t wanted = kEngineBytes + columns * kColumnBytes + bytes + bytes / 2;
  if (wanted > room_ + room_ / 4) set_room(wanted);
}

Store::Scan::Scan(Store& store, size_t columns, uint64_t row_bytes) : store_(store) {
  const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  if (row_bytes > 0) store_.set_row_group_rows(row_group_rows(columns, row_bytes));
  const uint64_t room = kScanBytes + threads * (kScanThreadBytes + kScanRowGroups * row_group_bytes(columns));
  if (room > store_.room_) store_.set_room(room);
  store_.set_threads(threads);
  if (store_.is_private_) store_.set_spilling(false);
}

bool Store::Scan::take_much() {
  if (store_.memory_limit_) return false;
  store_.fit(UINT64_MAX);
  store_.set_threads(1);
  return true;
}

Store::Scan::~Scan() {
  try {
    store_.set_threads(1);
    if (store_.is_private_) store_.set_spilling(true);
  } catch (const std::exception&) {
    // It only costs memory.
  }
}

// DuckDB 1.5.5 writes the end of a block of texts that these compress as memory happened to be
// (https://github.com/duckdb/duckdb/issues/23382): values that were masked are found there in the clear.
void Store::keep_private() {
  if (is_private_) return;
  is_private_ = true;
  duck::clear_freed_memory();
  engine_.connect().execute("SET GLOBAL disabled_compression_methods = 'fsst,dict_fsst,dictionary'");
}

void Store::set_spilling(bool allowed) {
  const std::string directory = allowed ? std::filesystem::absolute(footprint_.temporary()).string() : "";
  engine_.connect().execute(fmt::format("SET GLOBAL temp_directory = {}", duck::quote_text(directory)));
}

void Store::fit_change() {
  fit(kChangeBytes + landed_bytes_ / kKeysOfBytes);
}

void Store::fit_indexes(size_t indexes, uint64_t more_rows) {
  fit(kChangeBytes + landed_bytes_ / kKeysOfBytes + indexes * (landed_rows_ + more_rows) * kIndexEntryBytes);
}

void Store::fit_updates() {
  fit(kChangeBytes + kUpdateFactor * landed_bytes_);
}

void Store::fit(uint64_t bytes) {
  const auto pages = static_cast<uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
  const auto page = static_cast<uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
  const uint64_t most = pages * page / 5 * 4;
  set_room(std::max(room_, std::min(most, bytes)));
}

void Store::add_landed(uint64_t rows, uint64_t bytes) {
  landed_rows_ += rows;
  landed_bytes_ += bytes;
}

// DuckDB merges what is left of row groups into some of the size that the file is attached with, so
// that is to be right for the rows; else it would rewrite the whole table, row groups being small.
void Store::reclaim_deleted(size_t columns) {
  if (landed_rows_ == 0) return;
  set_row_group_rows(row_group_rows(columns, landed_bytes_ / landed_rows_));
  engine_.connect().execute("SET GLOBAL max_vacuum_tasks = 100");
}

void Store::set_room(uint64_t bytes) {
  room_ = bytes;
  if (memory_limit_) return;
  engine_.connect().execute(fmt::format("SET GLOBAL memory_limit = '{}B'", room_));
}

void Store::set_threads(unsigned threads) {
  engine_.connect().execute(fmt::format("SET GLOBAL threads = {}", threads));
}

void Store::settle() {
  file_.checkpoint();
  footprint_.keep();
}

void Store::close() {
  file_.close();
  footprint_.keep();
}

}  // namespace ingestr
