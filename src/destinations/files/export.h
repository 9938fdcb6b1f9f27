// Export: writes the tables of a database file into files.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "data/schema.h"
#include "destinations/files/format.h"
#include "duck/file.h"

namespace ingestr::file_output {

// One thread at a time.
class Export {
 public:
  // Of `database`, which nobody has open; the engine spills into `spill`. `stop` ends what is being written.
  Export(const std::filesystem::path& database, const std::filesystem::path& spill, std::stop_token stop);

  // Into `file`; `name` is what it will be called.
  void write(const Format& format, const TableName& table, const std::filesystem::path& file, const std::string& name);

 private:
  std::string sql_of(const TableName& table) const;
  uint64_t row_bytes(const std::string& table, const Schema& columns);

  std::stop_token stop_;
  duck::Database engine_;
  duck::DatabaseFile file_;
  duck::Connection connection_;
};

}  // namespace ingestr::file_output
