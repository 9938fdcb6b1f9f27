#include "duck/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "duck/failure.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

// The first that has ZSTD; DuckDB 1.2 and newer can read it. The default of 1.5.5 is v1.0.0.
constexpr std::string_view kStorageVersion = "v1.2.0";

}  // namespace

std::string own_name(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  const size_t begin = file.find_first_not_of('.');
  if (begin == std::string::npos) return file;
  const std::string name = file.substr(begin, file.find_first_of(".?", begin) - begin);
  return name == "main" || name == "system" || name == "temp" ? name + "_db" : name;
}

std::string catalog_name(const std::filesystem::path& path) {
  const std::string name = own_name(path), lower = to_lower(name);
  return lower == "memory" || lower == "main" || lower == "system" || lower == "temp" ? name + "_db" : name;
}

// DuckDB 1.5.5 puts the name of the log's end before the first question mark of a path, be it a directory's.
void check_directory_of(const std::filesystem::path& path) {
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  if (directory.find('?') == std::string::npos) return;
  throw Error(ErrorKind::unsupported, fmt::format("rows cannot be collected in {}, because DuckDB takes the ? in it for the beginning of parameters; "
                                                  "rename that directory, or write elsewhere", directory));
}

DatabaseFile::DatabaseFile(const Database& engine, std::filesystem::path path, Mode mode)
    : path_(std::move(path)), mode_(mode), catalog_(catalog_name(path_)), connection_(engine.connect()) {
  attach();
}

DatabaseFile::~DatabaseFile() {
  try {
    if (attached_) detach();
  } catch (const std::exception&) {
    // Only close() promises anything.
  }
}

void DatabaseFile::attach() {
  // An absolute path, for DuckDB takes "x:" at the beginning of a relative one for the name of an
  // extension; and the type, or it would look for an extension that can read what is not a DuckDB
  // database. No write-ahead log, because DuckDB 1.5.5 cannot read back what a swap leaves in it:
  // after a kill between commit and checkpoint an ALTER COLUMN … TYPE makes the file unopenable
  // ("no default database set"), and an UPDATE of a table that was renamed in the same transaction
  // is replayed on the table that had that name before.
  // A new file is in the storage version that lets DuckDB compress long strings; one that is there
  // keeps its own, which naming another here would change for good.
  std::error_code unknown;
  const bool is_new = !std::filesystem::exists(path_, unknown) && !unknown;
  const std::string sql = fmt::format(
      "ATTACH {} AS {} (TYPE duckdb, {}, RECOVERY_MODE no_wal_writes{})",
      quote_text(std::filesystem::absolute(path_).string()), quote_name(catalog_),
      mode_ == Mode::read_only ? "READ_ONLY" : fmt::format("ROW_GROUP_SIZE {}", row_group_rows_),
      is_new ? fmt::format(", STORAGE_VERSION '{}'", kStorageVersion) : "");
  const std::filesystem::path directory = std::filesystem::absolute(path_).parent_path();
  if (mode_ == Mode::read_write && !is_new && ::access(directory.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorKind::auth, fmt::format("cannot open {}: no permission to write into its directory, where DuckDB makes files of its own meanwhile; "
                                             "change that one's owner or mode, or name another file", path_.string()));
  }
  try {
    connection_.execute(sql);
  } catch (const Error& error) {
    throw open_failure(error.what(), path_.string());
  }
  attached_ = true;
}

void DatabaseFile::detach() {
  attached_ = false;
  connection_.finish(fmt::format("DETACH {}", quote_name(catalog_)));
}

void DatabaseFile::set_row_group_rows(uint64_t rows) {
  if (rows == row_group_rows_) return;
  row_group_rows_ = rows;
  checkpoint();
  detach();
  attach();
}

void DatabaseFile::checkpoint() {
  connection_.finish(fmt::format("CHECKPOINT {}", quote_name(catalog_)));
}

void DatabaseFile::close() {
  if (!attached_) return;
  // DETACH would do it too, but without a word when it fails.
  if (mode_ == Mode::read_write) checkpoint();
  detach();
}

}  // namespace ingestr::duck
