#include "sources/files/local_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "duck/text.h"

namespace ingestr::files {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(ErrorKind kind, const std::string& path, std::string_view why) {
  throw Error(kind, fmt::format("--source-uri names {}: {}", path, why));
}

void check_readable(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found || error == std::errc::not_a_directory) {
    refuse(ErrorKind::not_found, path,
           fmt::format("there is no such file in {}", path.is_absolute() ? path.parent_path().string() : fs::current_path().string()));
  }
  if (error == std::errc::too_many_symbolic_link_levels) refuse(ErrorKind::not_found, path, "symbolic links go in a circle there; name the file itself");
  if (fs::is_directory(status)) {
    refuse(ErrorKind::usage, path, fmt::format("it is a directory; name a file in it, or {} for all", (path / "*").string()));
  }
  if (::access(path.c_str(), R_OK) != 0) {
    refuse(ErrorKind::auth, path, "no permission to read it; change its owner or mode");
  }
  if (!fs::is_regular_file(status)) refuse(ErrorKind::unsupported, path, "it is no regular file, and it is read twice; send what it brings to standard input, as csv://- reads it");
}

bool is_hidden(const fs::path& path, const fs::path& below) {
  return std::ranges::any_of(path.lexically_relative(below), [](const fs::path& part) {
    return part.string().starts_with('.') || part.string().ends_with(".ingestr.tmp");
  });
}

// The directory in front of the first part with a star.
fs::path fixed_part(std::string_view rest) {
  const std::string_view before = rest.substr(0, rest.find('*'));
  const size_t slash = before.rfind('/');
  return (fs::current_path() / percent_decode(slash == std::string_view::npos ? "" : before.substr(0, slash + 1))).lexically_normal();
}

std::vector<std::string> fitting(std::string_view rest) {
  const duck::Database engine;
  const std::string pattern = (rest.starts_with('/') ? "" : "./") + glob_of(rest);
  const fs::path below = fixed_part(rest);
  std::vector<std::string> paths;
  for (const auto& row : engine.connect().query(fmt::format("SELECT file FROM glob({})", duck::quote_text(pattern)))) {
    const fs::path path = fs::absolute(row.at(0).value()).lexically_normal();
    if (!is_hidden(path, below)) paths.push_back(path.string());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

Files local_files(const Uri& uri) {
  const std::string path = percent_decode(uri.rest);
  if (path.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("--source-uri names no file; write {0}://file.{0}, or {0}:///directory/file.{0} for an absolute path",
                            uri.scheme));
  }
  if (path.find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, "--source-uri names a file with a NUL byte in it, which no system has");
  }
  // Nor does the engine know names that are in another encoding.
  if (!is_utf8(path)) throw Error(ErrorKind::usage, fmt::format("--source-uri names {}: this is no UTF-8, as names of files have to be; rename it", shorten(path, 200)));
  Files files;
  std::error_code error;
  files.is_pattern = uri.rest.find('*') != std::string::npos && !fs::exists(path, error);
  files.name = path;
  if (files.is_pattern) {
    files.paths = fitting(uri.rest);
    if (files.paths.empty()) refuse(ErrorKind::not_found, path, "no file has a name that fits it");
  } else {
    files.paths = {fs::absolute(path).string()};
  }
  for (const std::string& found : files.paths) {
    check_readable(files.is_pattern ? found : path);
    files.bytes += fs::file_size(found);
  }
  return files;
}

}  // namespace ingestr::files
