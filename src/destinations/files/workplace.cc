#include "destinations/files/workplace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>

#include "base/error.h"
#include "base/permissions.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTemporaryPrefix = "ingestr-work-";
constexpr int kAttempts = 5;

// DuckDB takes what is behind a question mark for parameters.
fs::path workplace_of(const Target& target) {
  if (target.is_directory) return target.path / Workplace::kInDirectory;
  std::string name = target.path.filename().string() + Workplace::kInDirectory;
  std::ranges::replace(name, '?', '_');
  return target.path.parent_path() / name;
}

}  // namespace

void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_in_work(path, "cannot be opened", errno);
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error != 0 && error != EINVAL) fail_in_work(path, "cannot be written to the disk", error);  // EINVAL: it has no such thing
}

bool remove_if_unused(const fs::path& directory) {
  struct stat found{};
  if (::lstat(directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != ::geteuid()) return true;
  std::error_code ignored;
  const int descriptor = ::open((directory / Workplace::kInDirectory).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  const bool is_used = descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (!is_used) fs::remove_all(directory, ignored);
  if (descriptor >= 0) ::close(descriptor);
  return !is_used;
}

Workplace::Workplace(const Target& target) : WorkDirectory(workplace_of(target)) {}

std::unique_ptr<Workplace> temporary_workplace(const Environment& environment) {
  const fs::path directory = environment.get("TMPDIR").value_or("/tmp");
  remove_dead_runs(directory, kTemporaryPrefix);
  for (int attempt = 1;; ++attempt) {
    try {
      // Containers may have a directory in common, and the same process number.
      return std::make_unique<Workplace>(directory / fmt::format("{}{}-{:08x}", kTemporaryPrefix, ::getpid(), std::random_device()()));
    } catch (const Error& error) {
      // Another run took it for a dead one's before it was locked.
      if (error.kind() != ErrorKind::conflict || attempt == kAttempts) throw;
    }
  }
}

void Workplace::publish(const fs::path& written, const fs::path& target) {
  Permissions(target).give(written);
  sync(written);
  if (::rename(written.c_str(), target.c_str()) != 0) fail_in_work(target, "cannot be replaced", errno);
  sync(target.parent_path());
}

}  // namespace ingestr::file_output
