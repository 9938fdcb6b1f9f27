#include "base/nameless_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace ingestr {
namespace {

[[noreturn]] void fail(std::string_view what) {
  const char* advice = errno == EMFILE || errno == ENFILE ? "allow more by `ulimit -n`, or name fewer files"
                                                          : "make room there, or set TMPDIR to another directory";
  throw Error(ErrorKind::unavailable, fmt::format("{} ({}); {}", what, std::strerror(errno), advice));
}

int open_in(const std::string& where) {
  if (where.empty()) return ::memfd_create("ingestr", MFD_CLOEXEC);
  const int made = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (made >= 0 || errno == ENOSPC || errno == EMFILE) return made;
  std::string name = where + "/ingestr-XXXXXX";  // a file system without O_TMPFILE
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

// Programs begin with few, for the sake of old ones that count on it.
bool allow_more_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return false;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace

NamelessFile::NamelessFile(const std::string& where) : descriptor_(open_in(where)) {
  if (descriptor_ < 0 && errno == EMFILE && allow_more_descriptors()) descriptor_ = open_in(where);
  if (descriptor_ < 0) fail(where.empty() ? "nothing can be kept in memory" : fmt::format("no temporary file can be made in {}", where));
}

NamelessFile::~NamelessFile() { ::close(descriptor_); }

void NamelessFile::write(const char* bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("what comes cannot be kept in a temporary file");
    bytes += written;
    count -= static_cast<size_t>(written);
  }
}

std::string NamelessFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace ingestr
