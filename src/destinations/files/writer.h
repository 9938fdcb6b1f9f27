// Writer: an engine that writes rows into files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "destinations/files/format.h"
#include "duck/file.h"
#include "engine/context.h"
#include "engine/relation.h"

namespace ingestr::file_output {

// One thread at a time.
class Writer {
 public:
  enum class Memory {
    usual,
    much,  // for what has failed with Error(no_memory)
  };
  // The engine spills into `spill`; empty: nowhere. The context's stop ends what is being written.
  Writer(const std::filesystem::path& spill, const Context& context, Memory memory = Memory::usual);

  // All rows of a table of `database`, which nobody has open. One database, from then on.
  Relation table(const std::filesystem::path& database, const TableName& table);
  // Into `file`, which is another one then; `name` is what it will be called. Says how many rows there are. `watch` is as
  // duck::Connection::change() has it, the rows pass engine(). Throws Error(cancelled), and Error(bad_data) for a row that does not fit.
  uint64_t write(const Format& format, const Relation& rows, const std::filesystem::path& file, const std::string& name,
                 const duck::Connection::Watch& watch);
  // Those of a table() into files of `directory`, which is made, in directories by the values of columns. Says which files, each
  // by its path there. Throws Error(bad_data) for a value that no directory can be named by.
  std::vector<std::filesystem::path> write_apart(const Format& format, const Relation& rows, const std::vector<std::string>& partition_by,
                   const std::filesystem::path& directory);

  const duck::Database& engine() const { return engine_; }
  // Ends what it watches once that is asked for.
  duck::Connection::Watch until_stopped() const;

 private:
  void run(const std::string& statement);
  uint64_t row_bytes(const std::string& select, const Schema& columns);
  Relation fitted(const Format& format, const Relation& rows, const std::vector<std::string>& partition_by);

  std::stop_token stop_;
  bool spills_;
  duck::Database engine_;
  std::optional<duck::DatabaseFile> file_;
  duck::Connection connection_;
};

}  // namespace ingestr::file_output
