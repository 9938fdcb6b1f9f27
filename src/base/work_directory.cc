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
  return ::fstat(descriptor, &own) == 0 && ::lstat(path.c_str(), &there) == 0 && own.st_dev == there.st_dev && own.st_ino == there.st_ino;
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
  std::error_code error;
  for (fs::directory_iterator entry(directory, error); entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with(prefix)) remove_if_dead(entry->path());
  }
}

void fail_in_work(const fs::path& path, std::string_view what, int error) {
  if (error == ENAMETOOLONG) {
    throw Error(ErrorKind::usage, fmt::format("{} {} ({}); choose a shorter name", path.string(), what, std::strerror(error)));
  }
  throw Error(error == EACCES || error == EPERM || error == EROFS ? ErrorKind::auth : ErrorKind::unavailable,
              fmt::format("{} {} ({}); make room or change the permissions there, or write elsewhere", path.string(), what,
                          std::strerror(error)));
}

void fail_in_the_way(const fs::path& path) {
  throw Error(ErrorKind::auth, fmt::format("{} is in the way: it is a link, no directory or another user's; remove it, or write elsewhere", path.string()));
}

void WorkDirectory::Descriptor::close() {
  if (number >= 0) ::close(number);
  number = -1;
}

WorkDirectory::WorkDirectory(const fs::path& path) : path_(path), directories_(path_) {
  while (!lock()) {
  }
  std::error_code error, ignored;
  for (fs::directory_iterator left(path_, error); left != fs::directory_iterator(); left.increment(error)) fs::remove_all(left->path(), ignored);
  at_forced_end_.emplace([this] { remove(); });
}

bool WorkDirectory::lock() {
  const bool is_new = ::mkdir(path_.c_str(), 0700) == 0;
  if (!is_new && errno != EEXIST) fail_in_work(path_, "cannot be made", errno);
  descriptor_.number = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor_.number < 0) {
    if (errno == ENOENT) return false;
    if (errno == ENOTDIR || errno == ELOOP) fail_in_the_way(path_);
    fail_in_work(path_, "cannot be opened", errno);
  }
  struct stat found{};
  // On some file systems even what is new belongs to somebody else.
  if (!is_new && (::fstat(descriptor_.number, &found) != 0 || found.st_uid != ::geteuid())) fail_in_the_way(path_);
  if (::flock(descriptor_.number, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      throw Error(ErrorKind::conflict, fmt::format("another run is writing there, it works in {}; wait until it has ended", path_.string()));
    }
    // Where there are no locks, the one that has made it has it.
    if (!is_new) {
      throw Error(ErrorKind::conflict, fmt::format("another run is writing there or was killed, which its file system, having no locks, does not tell; when no "
                                                   "run works in {}, remove that", path_.string()));
    }
  }
  if (!is_new) ::fchmod(descriptor_.number, 0700);
  if (is_there(path_, descriptor_.number)) return true;
  descriptor_.close();
  return false;
}

void WorkDirectory::remove() const {
  // It may have been moved away, and what is called so now be another run's.
  std::error_code ignored;
  if (is_there(path_, descriptor_.number)) fs::remove_all(path_, ignored);
}

WorkDirectory::~WorkDirectory() {
  at_forced_end_.reset();
  remove();
}

}  // namespace ingestr
