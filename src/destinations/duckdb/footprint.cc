#include "destinations/duckdb/footprint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ranges>

#include "base/error.h"

namespace ingestr {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kTemporary = ".ingestr.tmp.";

fs::path beside(fs::path file, std::string_view suffix) {
  return file += suffix;
}

std::vector<fs::path> missing_directories(const fs::path& file) {
  std::vector<fs::path> missing;
  std::error_code ignored;
  fs::path at = fs::absolute(file).parent_path();
  for (; at.has_relative_path() && !fs::exists(at, ignored); at = at.parent_path())
    missing.push_back(at);
  std::ranges::reverse(missing);
  return missing;
}

// Whether some process holds DuckDB's lock, a POSIX record lock, on the file. Not for a file that
// this process has open: closing it here would drop the lock.
bool is_locked(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool locked = ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(descriptor);
  return locked;
}

bool is_empty_file(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && fs::file_size(file, error) == 0 && !error;
}

}  // namespace

Footprint::Footprint(fs::path file)
    : file_(std::move(file)),
      temporary_(beside(file_, fmt::format("{}{}", kTemporary, ::getpid()))) {
  make_directories();
  std::error_code error;
  if (is_empty_file(file_) && !is_locked(file_)) fs::remove(file_, error);
  made_file_ = !fs::exists(fs::symlink_status(file_, error));
}

void Footprint::make_directories() {
  for (const fs::path& directory : missing_directories(file_)) {
    std::error_code error;
    if (fs::create_directory(directory, error)) made_directories_.push_back(directory);
    if (!error) continue;
    remove_directories();
    const ErrorKind kind =
        error == std::errc::permission_denied ? ErrorKind::auth : ErrorKind::not_found;
    throw Error(
        kind,
        fmt::format("cannot open {}: the directory {} cannot be made ({}); name a file elsewhere",
                    file_.string(), directory.string(), error.message()));
  }
}

void Footprint::remove_directories() {
  std::error_code ignored;
  for (const fs::path& directory : std::views::reverse(made_directories_))
    fs::remove(directory, ignored);
}

Footprint::~Footprint() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  if (kept_) return;
  if (made_file_) {
    fs::remove(file_, ignored);
    fs::remove(beside(file_, ".wal"), ignored);
  }
  remove_directories();
}

void Footprint::remove_left_temporaries() const {
  const std::string prefix = file_.filename().string() + std::string(kTemporary);
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::absolute(file_).parent_path(), ignored)) {
    if (entry.path().filename().string().starts_with(prefix)) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace ingestr
