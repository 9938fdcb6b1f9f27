#include "destinations/files/target.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/behind_links.h"
#include "base/error.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(ErrorKind kind, const fs::path& path, std::string_view why) {
  throw Error(kind, fmt::format("--dest-uri names {}: {}", path.string(), why));
}

// A link of /proc to a pipe leads to no path.
void check_no_stream(const fs::path& path, std::string_view scheme) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) || fs::is_directory(status) || fs::is_regular_file(status)) return;
  refuse(ErrorKind::unsupported, path, fmt::format("it is no regular file; for a pipe write {}://-, which is standard output", scheme));
}

void check_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return;
  if (fs::is_directory(status)) {
    refuse(ErrorKind::usage, path, "it is a directory; end the URI with / to add a file to it");
  }
  if (::access(path.c_str(), R_OK | W_OK) != 0) {
    refuse(ErrorKind::auth, path, "no permission to read and write it; change its owner or mode");
  }
}

void check_directory(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_directory(status)) {
    refuse(ErrorKind::usage, path, "it is no directory; leave out the / at the end");
  }
}

}  // namespace

bool Target::has_rows() const {
  std::error_code error;
  if (!is_directory) return fs::exists(path, error) && fs::file_size(path, error) > 0;
  for (fs::directory_iterator entry(path, error); entry != fs::directory_iterator(); entry.increment(error)) {
    if (!entry->path().filename().string().starts_with('.')) return true;
  }
  return false;
}

Target target_of(const Uri& uri) {
  const std::string text = percent_decode(uri.rest);
  if (text.empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("--dest-uri names no file; write {0}://file.{0}, or {0}:///directory/file.{0} for an absolute path",
                            uri.scheme));
  }
  if (text.find('\0') != std::string::npos) {
    throw Error(ErrorKind::usage, "--dest-uri names a file with a NUL byte in it, which no system has");
  }
  check_no_stream(fs::absolute(text), uri.scheme);
  const bool is_directory = text.ends_with('/');
  Target target{.path = behind_links(is_directory ? fs::absolute(text).parent_path() : fs::absolute(text)), .is_directory = is_directory};
  is_directory ? check_directory(target.path) : check_file(target.path);
  return target;
}

}  // namespace ingestr::file_output
