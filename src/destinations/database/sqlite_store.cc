#include "destinations/database/sqlite_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "duck/memory_limit.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

namespace fs = std::filesystem;

// DuckDB takes what is behind a question mark for parameters.
fs::path directory_beside(const fs::path& file) {
  std::string name = file.filename().string() + ".ingestr.tmp";
  std::ranges::replace(name, '?', '_');
  return fs::absolute(file).parent_path() / name;
}

duck::Database reader_engine(const fs::path& spill, const Environment& environment) {
  return duck::limited_engine({{"temp_directory", spill.string()}, {"preserve_insertion_order", "true"}, {"threads", "2"}}, "200MB", environment);
}

}  // namespace

SqliteStore::Reader::Reader(const fs::path& path, const fs::path& spill, const Context& context)
    : engine(reader_engine(spill, context.environment)),
      file(engine, path, duck::DatabaseFile::Mode::read_only),
      connection(engine.connect(context.stop)) {}

SqliteStore::SqliteStore(const fs::path& file, OpenStore open, const Context& context)
    : open_(std::move(open)), context_(context), directory_(directory_beside(file)) {}

Destination& SqliteStore::tables() {
  reader_.reset();
  if (!tables_) {
    tables_ = open_(path(), Access::change, context_);
    if (is_private_) tables_->keep_private();
  }
  return *tables_;
}

duck::Connection& SqliteStore::reader() {
  if (tables_) {
    tables_->close();
    tables_.reset();
  }
  if (!reader_) reader_.emplace(path(), directory_.path() / "spill", context_);
  return reader_->connection;
}

std::string SqliteStore::name_of(const TableName& table) const {
  return fmt::format("{}.{}.{}", duck::quote_name(reader_.value().file.catalog()), duck::quote_name(table.schema), duck::quote_name(table.table));
}

void SqliteStore::keep_private() {
  is_private_ = true;
  if (tables_) tables_->keep_private();
}

}  // namespace ingestr::database
