// SqliteStore: where rows on their way to a SQLite file land: a DuckDB file in a directory beside it. There all is done that is
// about landed rows alone, at the engine's speed and with its types; what is left goes into the SQLite file in one transaction.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/work_directory.h"
#include "duck/file.h"
#include "engine/connector.h"
#include "engine/destination.h"

namespace ingestr::database {

// One thread at a time.
class SqliteStore {
 public:
  // Makes `<file>.ingestr.tmp`; throws what WorkDirectory does.
  SqliteStore(const std::filesystem::path& file, OpenStore open, const Context& context);

  // To land and to change rows. What was read() is done with.
  Destination& tables();
  // To read what has landed; what `tables()` returned is gone.
  duck::Connection& reader();
  // What a landing table is called for the reader.
  std::string name_of(const TableName& table) const;

  void keep_private();
  // The directories above the file stay.
  void keep() { directory_.keep(); }

 private:
  struct Reader {
    Reader(const std::filesystem::path& file, const std::filesystem::path& spill, const Context& context);
    duck::Database engine;
    duck::DatabaseFile file;
    duck::Connection connection;
  };
  std::filesystem::path path() const { return directory_.path() / "rows.duckdb"; }

  OpenStore open_;
  Context context_;
  WorkDirectory directory_;  // outlives what works in it
  std::unique_ptr<Destination> tables_;
  std::optional<Reader> reader_;
  bool is_private_ = false;
};

}  // namespace ingestr::database
