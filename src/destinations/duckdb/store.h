// Store: an open DuckDB file with an engine whose settings keep landing small in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "base/environment.h"
#include "destinations/duckdb/footprint.h"
#include "duck/database.h"
#include "duck/file.h"

namespace ingestr {

// One thread at a time. Destroyed without close(): a file that this run made is removed.
class Store {
 public:
  // Throws what duck::DatabaseFile and Footprint throw, and Error(usage) when
  // INGESTR_DUCKDB_MEMORY_LIMIT is no size.
  Store(const std::filesystem::path& path, const Environment& environment);

  duck::Connection connect(std::stop_token stop = {}) const {
    return engine_.connect(std::move(stop));
  }
  const std::string& catalog() const { return file_.catalog(); }

  // What a row group should hold at most, in bytes and in rows, for a table of so many columns.
  static uint64_t row_group_bytes(size_t columns);
  static uint64_t row_group_rows(size_t columns, uint64_t bytes_per_row);

  // Neither while a transaction is open.
  uint64_t row_group_rows() const { return file_.row_group_rows(); }
  void set_row_group_rows(uint64_t rows);
  // Ends the row group that is being filled.
  void cut_row_group() { file_.checkpoint(); }

  // While it lives the engine reads in parallel, with room for rows of so many columns and bytes, and makes row groups that
  // suit them. No transaction may be open when it begins or ends.
  class Scan {
   public:
    Scan(Store& store, size_t columns, uint64_t row_bytes);
    ~Scan();
    // For what has failed with Error(no_memory): most of what the machine has, and one thread. False: the user has set a limit.
    bool take_much();
    Scan(const Scan&) = delete;
    Scan& operator=(const Scan&) = delete;

   private:
    Store& store_;
  };
  const duck::Database& engine() const { return engine_; }

  // From now on the engine's memory stays out of the file and, while rows are read, out of the directory that it spills to.
  void keep_private();

  // Makes room for a row group of so many columns and bytes; never takes room away.
  void fit_memory(size_t columns, uint64_t bytes);
  void add_landed(uint64_t rows, uint64_t bytes);
  // Makes room for joining a table with what has landed; for making indexes; for updating the rows in place.
  void fit_change();
  void fit_indexes(size_t indexes, uint64_t more_rows = 0);  // over all that has landed, and more
  void fit_updates();
  // Lets the next checkpoint give back the space of deleted rows. Not while a transaction is open.
  void reclaim_deleted(size_t columns);

  // Moves everything into the file, which stays then.
  void settle();
  // Moves everything into the file and lets go of it. Nothing else is left on disk then.
  void close();

 private:
  template <class Work>
  decltype(auto) leaving_others_alone(Work&& work);
  void set_room(uint64_t bytes);
  void fit(uint64_t bytes);
  void set_threads(unsigned threads);
  void set_spilling(bool allowed);

  Footprint footprint_;                      // cleans up after the engine is gone
  std::optional<std::string> memory_limit_;  // what the user wants instead of what is best
  duck::Database engine_;
  duck::DatabaseFile file_;
  bool is_private_ = false;
  uint64_t room_ = 0;
  uint64_t landed_rows_ = 0;
  uint64_t landed_bytes_ = 0;
};

}  // namespace ingestr
