#include "engine/database_path.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr {
namespace {

std::string forms(std::string_view scheme) {
  return fmt::format("write {0}:///file.{1}, or {0}:////directory/file.{1} for an absolute path", scheme,
                     scheme == "duckdb" ? "duckdb" : "db");
}

bool starts_with_dots(std::string_view path) {
  return path.starts_with("./") || path.starts_with("../");
}

// The path with the slashes that mean something, still percent-encoded.
std::string significant(std::string_view rest) {
  if (!rest.starts_with('/')) return std::string(rest);
  const bool absolute = rest.starts_with("//");
  rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  const bool has_directory = rest.find('/') != std::string_view::npos && !starts_with_dots(rest);
  return (absolute || has_directory ? "/" : "") + std::string(rest);
}

}  // namespace

std::filesystem::path database_path(const Uri& uri) {
  const std::string path = percent_decode(significant(uri.rest));
  if (path.empty() || path == "/" || path == ":memory:" || path == "/:memory:") {
    throw Error(ErrorKind::usage, fmt::format("the URI names no file, and a database "
                                              "in memory would vanish at the end of the "
                                              "run; {}",
                                              forms(uri.scheme)));
  }
  const std::string name = std::filesystem::path(path).filename().string();
  if (name.empty() || name == "." || name == "..") {
    throw Error(ErrorKind::usage,
                fmt::format("the URI names the directory {}; {}", path, forms(uri.scheme)));
  }
  if (path.find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage,
                "the URI names a file with a NUL byte in it, which no system has");
  }
  return path;
}

}  // namespace ingestr
