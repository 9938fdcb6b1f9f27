#include "duck/extension.h"

#include <dlfcn.h>
#include <duckdb.h>
#include <fmt/format.h>

#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

std::string_view file_stem(Extension extension) {
  switch (extension) {
    case Extension::avro:
      return "avro";
    case Extension::azure:
      return "azure";
    case Extension::httpfs:
      return "httpfs";
    case Extension::mysql:
      return "mysql_scanner";
    case Extension::postgres:
      return "postgres_scanner";
    case Extension::sqlite:
      return "sqlite_scanner";
  }
  throw Error(ErrorKind::internal, "an extension without a name");
}

}  // namespace

std::string extension_directory() {
  Dl_info library{};
  if (::dladdr(reinterpret_cast<const void*>(&duckdb_open_ext), &library) == 0 ||
      library.dli_fname == nullptr) {
    throw Error(ErrorKind::internal, "the system does not say where DuckDB's library lies");
  }
  return std::filesystem::absolute(library.dli_fname).parent_path() / "duckdb_extensions";
}

std::string load_sql(Extension extension) { return fmt::format("LOAD {}", file_stem(extension)); }

void load(Connection& connection, Extension extension) {
  try {
    connection.execute(load_sql(extension));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    throw Error(ErrorKind::unavailable,
                fmt::format("the extension {} cannot be loaded; the folder lib beside the program belongs "
                            "to it, so copy both, or build again ({})",
                            file_stem(extension), error.what()));
  }
}

}  // namespace ingestr::duck
