#include "destinations/duckdb/footprint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace ingestr {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kTemporary = ".ingestr.tmp.";

fs::path beside(fs::path file, std::string_view suffix) {
  return file += suffix;
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
      temporary_(beside(file_, fmt::format("{}{}", kTemporary, ::getpid()))),
      directories_(file_) {
  std::error_code error;
  if (is_empty_file(file_) && !is_locked(file_)) fs::remove(file_, error);
  made_file_ = !fs::exists(fs::symlink_status(file_, error));
}

Footprint::~Footprint() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  if (kept_) {
    directories_.keep();
  } else if (made_file_) {
    fs::remove(file_, ignored);
    fs::remove(beside(file_, ".wal"), ignored);
  }
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
