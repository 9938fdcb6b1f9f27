// DatabaseFile: a DuckDB file attached to an engine, locked against every other process that would
// write it and, unless it is only read, against every other process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "duck/database.h"

namespace ingestr::duck {

// What DuckDB calls a file that it is opened with, so that views and defaults in it may be qualified with it: the file's name up to its
// first dot, but for names that are DuckDB's own.
std::string own_name(const std::filesystem::path& path);
// The same where an engine of ours can call a file so: "memory_db" and "Temp_db", for it has a "memory" and a "temp" itself.
std::string catalog_name(const std::filesystem::path& path);

// Throws Error(unsupported) for a file in a directory where DuckDB can write no rows.
void check_directory_of(const std::filesystem::path& path);

// What is committed becomes durable with the next checkpoint, all at once; a process that is killed
// before leaves the file as the last checkpoint made it. One thread at a time. Outlived by the
// engine; connections must have no transaction open when a method is called.
class DatabaseFile {
 public:
  // Rows of a row group: what DuckDB holds in memory before it compresses and writes it.
  static constexpr uint64_t kDefaultRowGroupRows = 122'880;
  static constexpr uint64_t kLeastRowGroupRows = 2'048;

  enum class Mode { read_write, read_only };

  // Opens the file, in whatever storage version it is, or, to write, makes it in one that DuckDB 1.2
  // and newer can read. Throws Error, with the path as given, its kind saying why: conflict
  // (locked by another process, which is named when the system tells), bad_data (no DuckDB
  // database), auth, not_found, unavailable.
  DatabaseFile(const Database& engine, std::filesystem::path path, Mode mode = Mode::read_write);
  // Lets go as close() does; what goes wrong is not told.
  ~DatabaseFile();
  DatabaseFile(const DatabaseFile&) = delete;
  DatabaseFile& operator=(const DatabaseFile&) = delete;

  // What its tables are qualified with: "catalog"."schema"."table".
  const std::string& catalog() const { return catalog_; }

  // For row groups made from now on; a multiple of kLeastRowGroupRows. DuckDB takes it only while
  // it attaches, so a change lets go of the file for a few milliseconds: throws Error(conflict)
  // when another process takes it meanwhile.
  void set_row_group_rows(uint64_t rows);
  uint64_t row_group_rows() const { return row_group_rows_; }

  // Writes everything committed into the file; rows that follow begin a new row group.
  void checkpoint();
  // A checkpoint, after which no .wal is left; then lets go of the file.
  void close();

 private:
  void attach();
  void detach();

  std::filesystem::path path_;
  Mode mode_;
  std::string catalog_;
  uint64_t row_group_rows_ = kDefaultRowGroupRows;
  Connection connection_;
  bool attached_ = false;
};

}  // namespace ingestr::duck
