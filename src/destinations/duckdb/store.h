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
  // Throws what duck::DatabaseFile and Footprint throw, and Error(usage) when INGESTR_DUCKDB_MEMORY_LIMIT is no size.
  Store(const std::filesystem::path& path, const Environment& environment);

  duck::Connection connect(std::stop_token stop = {}) const { return engine_.connect(std::move(stop)); }
  const std::string& catalog() const { return file_.catalog(); }

  // Whether rows of this width want smaller row groups than those in use; fit_row_groups() then changes that of the row
  // groups to come. No transaction may be open.
  bool rows_are_wide(uint64_t bytes_per_row) const;
  void fit_row_groups(uint64_t bytes_per_row);
  uint64_t row_group_rows() const { return file_.row_group_rows(); }
  // Ends the row group that is being filled. No transaction may be open.
  void cut_row_group() { file_.checkpoint(); }

  // Makes room for a row group of so many bytes; never takes room away.
  void fit_memory(uint64_t row_group_bytes);

  // Moves everything into the file and lets go of it. Nothing else is left on disk then.
  void close();

 private:
  Footprint footprint_;  // cleans up after the engine is gone
  std::optional<std::string> memory_limit_;  // what the user wants instead of what is best
  duck::Database engine_;
  duck::DatabaseFile file_;
  uint64_t room_ = 0;
};

}  // namespace ingestr
