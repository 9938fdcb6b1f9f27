#include "destinations/duckdb/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

// How 300 MB of JSON land in about 100 MB of memory, measured with 100,000 rows of 3.4 KB in batches of 500:
//
//   row group  memory_limit  threads  peak RSS     MB/s
//     122,880  none                2   1011 MB       41   DuckDB's defaults: a row group is 420 MB
//     122,880  60 MB               2    517 MB       93   spills the row group, then reads it again to compress it
//     122,880  60 MB               2    215 MB  77..128   with a commit and a CHECKPOINT every 24 MB
//       8,192  none                2    297 MB      159
//       8,192  20 MB               1    133 MB      158
//       2,048  60 MB               2    144 MB      187
//       2,048  20 MB               1     95 MB      180   <- this file; 200,000 rows: 103 MB, 1,000,000: 111 MB
//
// A row group stays in memory until it is full, so its size decides. Small ones are bad for narrow rows (2,048 rows of
// five numbers and a short text: five times the file, twice the time), so it goes by bytes: about 8 MB. More threads
// only mean a row group for each. What DuckDB has written it keeps as a cache up to memory_limit, so that is low.
// mallopt, malloc_trim and DuckDB's allocator settings made no difference.
namespace ingestr {
namespace {

constexpr std::string_view kLimitVariable = "INGESTR_DUCKDB_MEMORY_LIMIT";
constexpr uint64_t kLandingBytes = 20'000'000;
constexpr uint64_t kRowGroupBytes = 8'000'000;

uint64_t fitting_rows(uint64_t bytes_per_row) {
  using duck::DatabaseFile;
  const uint64_t rows = kRowGroupBytes / std::max<uint64_t>(bytes_per_row, 1);
  const uint64_t whole = rows / DatabaseFile::kLeastRowGroupRows * DatabaseFile::kLeastRowGroupRows;
  return std::clamp(whole, DatabaseFile::kLeastRowGroupRows, DatabaseFile::kDefaultRowGroupRows);
}

duck::Database make_engine(const Footprint& footprint, const std::optional<std::string>& memory_limit) {
  duck::Database::Settings settings = {
      {"threads", "1"},
      {"preserve_insertion_order", "true"},  // rows stay in the order in which the source sent them
      {"temp_directory", std::filesystem::absolute(footprint.temporary()).string()},
      // A checkpoint would merge small row groups into big ones, that is rewrite what was just written.
      {"max_vacuum_tasks", "0"},
      {"memory_limit", memory_limit.value_or(fmt::format("{}B", kLandingBytes))},
  };
  try {
    return duck::Database(settings);
  } catch (const Error&) {
    if (!memory_limit) throw;
    throw Error(ErrorKind::usage, fmt::format("{} is \"{}\", which is no size; write for example 500MB or 2GB",
                                              kLimitVariable, *memory_limit));
  }
}

}  // namespace

Store::Store(const std::filesystem::path& path, const Environment& environment)
    : footprint_(path),
      memory_limit_(environment.get(std::string(kLimitVariable))),
      engine_(make_engine(footprint_, memory_limit_)),
      file_([&]() -> duck::DatabaseFile {
        try {
          return duck::DatabaseFile(engine_, path);
        } catch (const Error& error) {
          // Then the file is someone else's, also if it was not there a moment ago.
          if (error.kind() == ErrorKind::conflict) footprint_.keep();
          throw;
        }
      }()),
      room_(kLandingBytes) {
  footprint_.remove_left_temporaries();
}

bool Store::rows_are_wide(uint64_t bytes_per_row) const {
  return fitting_rows(bytes_per_row) <= file_.row_group_rows() / 2;
}

void Store::fit_row_groups(uint64_t bytes_per_row) { file_.set_row_group_rows(fitting_rows(bytes_per_row)); }

void Store::fit_memory(uint64_t row_group_bytes) {
  const char* f = getenv("FACTOR");
  const uint64_t wanted = kLandingBytes + static_cast<uint64_t>(static_cast<double>(row_group_bytes) * (f ? atof(f) : 1));
  if (memory_limit_ || wanted <= room_ + room_ / 4) return;
  room_ = wanted;
  engine_.connect().execute(fmt::format("SET GLOBAL memory_limit = '{}B'", room_));
}

void Store::close() {
  file_.close();
  footprint_.keep();
}

}  // namespace ingestr
