#include "sources/files/local_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "files/pattern.h"

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

// What a pattern must be able to look at: files of a directory that is passed over would be missing, and nobody would know.
[[noreturn]] void refuse_look(const fs::path& path, const std::error_code& error) {
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted) {
    refuse(ErrorKind::auth, path, "no permission to look for files there; change its owner or mode, or write a pattern that leaves it out");
  }
  refuse(ErrorKind::unavailable, path, fmt::format("it cannot be looked at ({}); run again", error.message()));
}

bool leads_nowhere(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory || error == std::errc::too_many_symbolic_link_levels;
}

// Of names that a run of ours has given nothing is said, nor of what is neither a file nor a directory.
std::vector<Entry> entries_of(const std::string& directory) {
  const fs::path here = directory == "." ? fs::current_path() : fs::absolute(directory);
  std::error_code error;
  fs::directory_iterator at(here, error);
  if (leads_nowhere(error)) return {};
  if (error) refuse_look(here, error);
  std::vector<Entry> entries;
  while (at != fs::directory_iterator()) {
    const fs::path path = at->path();
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::none && !leads_nowhere(error)) refuse_look(path, error);
    Entry entry{.name = path.filename().string(), .is_link = at->is_symlink(error)};
    if (fs::is_regular_file(status)) entry.kind = Entry::Kind::file;
    if (fs::is_directory(status)) entry.kind = Entry::Kind::directory;
    if (entry.kind != Entry::Kind::other && !entry.name.ends_with(".ingestr.tmp")) entries.push_back(std::move(entry));
    at.increment(error);
    if (error) refuse_look(here, error);
  }
  return entries;
}

void check_utf8(const std::string& path) {
  if (is_utf8(path)) return;
  throw Error(ErrorKind::usage, fmt::format("--source-uri names {}: this is no UTF-8, as names of files have to be; rename it", shorten(path, 200)));
}

std::vector<std::string> fitting(std::string_view rest) {
  std::vector<std::string> paths;
  for (const File& file : Pattern::encoded(rest).fitting(entries_of)) {
    paths.push_back(fs::absolute(file.path).string());
    check_utf8(paths.back());
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
  check_utf8(path);
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
