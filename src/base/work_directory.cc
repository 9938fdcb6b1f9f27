#include "base/work_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace ingestr {
namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& path, int descriptor) {
  struct stat own{}, there{};
  return ::fstat(descriptor, &own) == 0 && ::stat(path.c_str(), &there) == 0 && own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

// A directory that nobody has locked is a dead run's.
void remove_if_dead(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return;
  struct stat found{};
  std::error_code ignored;
  const bool is_ours = ::fstat(descriptor, &found) == 0 && found.st_uid == ::geteuid();
  if (is_ours && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(path, ignored);
  ::close(descriptor);
}

}  // namespace

void remove_dead_runs(const fs::path& directory, std::string_view prefix) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored)) {
    if (entry.path().filename().string().starts_with(prefix)) remove_if_dead(entry.path());
  }
}

void fail_in_work(const fs::path& path, std::string_view what, int error) {
  throw Error(error == EACCES || error == EPERM || error == EROFS ? ErrorKind::auth : ErrorKind::unavailable,
              fmt::format("{} {} ({}); make room or change the permissions there, or write elsewhere", path.string(), what,
                          std::strerror(error)));
}

WorkDirectory::WorkDirectory(const fs::path& path) : path_(path), directories_(path_) {
  while (!lock()) {
  }
  std::error_code ignored;
  for (const fs::directory_entry& left : fs::directory_iterator(path_, ignored)) fs::remove_all(left.path(), ignored);
  at_forced_end_.emplace([this] { remove(); });
}

bool WorkDirectory::lock() {
  if (::mkdir(path_.c_str(), 0777) != 0 && errno != EEXIST) fail_in_work(path_, "cannot be made", errno);
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) {
    if (errno == ENOENT) return false;
    fail_in_work(path_, "cannot be opened", errno);
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(ErrorKind::conflict,
                fmt::format("another run is writing there, it works in {}; wait until it has ended", path_.string()));
  }
  if (is_there(path_, descriptor_)) return true;
  ::close(descriptor_);
  return false;
}

void WorkDirectory::remove() const {
  // It may have been moved away, and what is called so now be another run's.
  std::error_code ignored;
  if (is_there(path_, descriptor_)) fs::remove_all(path_, ignored);
}

WorkDirectory::~WorkDirectory() {
  at_forced_end_.reset();
  remove();
  ::close(descriptor_);
}

}  // namespace ingestr
