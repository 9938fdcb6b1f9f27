#include "database/file_check.h"

#include <fmt/format.h>
#include <unistd.h>

namespace ingestr::database {

namespace fs = std::filesystem;

fs::path check_file(fs::path path) {
  const auto refuse = [&](ErrorKind kind, std::string_view why) {
    throw Error(kind, fmt::format("cannot read {}: {}", path.string(), why));
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found || error == std::errc::not_a_directory) {
    refuse(ErrorKind::not_found, fmt::format("there is no such file in {}", fs::absolute(path).parent_path().string()));
  }
  if (fs::is_directory(status)) refuse(ErrorKind::usage, "it is a directory; name a file in it");
  if (::access(path.c_str(), R_OK) != 0) refuse(ErrorKind::auth, "no permission to read it; change its owner or mode");
  return path;
}

Error unreadable(const fs::path& path, std::string_view title, const Error& error) {
  if (error.kind() == ErrorKind::cancelled) return error;
  const std::string_view words = error.what();
  const auto says = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (says("not a valid DuckDB database")) {
    return Error(ErrorKind::bad_data, fmt::format("cannot read {}: it is no {} database", path.string(), title));
  }
  if (says("Could not set lock") || says("database is locked")) {
    return Error(ErrorKind::conflict, fmt::format("cannot read {}: another program writes it; close it there and run again", path.string()));
  }
  return Error(error.kind(), fmt::format("cannot read {}: {}", path.string(), words));
}

}  // namespace ingestr::database
