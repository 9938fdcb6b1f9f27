#include "sources/files/standard_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kMostInMemory = 256'000'000;
constexpr size_t kBlock = 1 << 20;
constexpr int kPollMilliseconds = 100;

[[noreturn]] void fail(std::string_view what) {
  throw Error(ErrorKind::unavailable,
              fmt::format("standard input: {} ({}); make room there, or set TMPDIR to another directory", what, std::strerror(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

int open_nameless(bool in_memory, const std::string& directory) {
  if (in_memory) return ::memfd_create("ingestr", MFD_CLOEXEC);
  const int made = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (made >= 0 || errno == ENOSPC) return made;
  std::string name = directory + "/ingestr-XXXXXX";  // a file system without O_TMPFILE
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

void write_all(int descriptor, const char* bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("what it brings cannot be kept in a temporary file");
    bytes += written;
    count -= static_cast<size_t>(written);
  }
}

// The next bytes; 0 at the end.
size_t read_some(int descriptor, std::vector<char>& block, const std::stop_token& stop) {
  for (;;) {
    if (stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
    pollfd wait{descriptor, POLLIN, 0};
    if (::poll(&wait, 1, kPollMilliseconds) == 0) continue;
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR && errno != EAGAIN) fail("it cannot be read");
  }
}

uint64_t copy(int from, int to, bool in_memory, const std::stop_token& stop) {
  uint64_t bytes = 0;
  std::vector<char> block(kBlock);
  while (const size_t count = read_some(from, block, stop)) {
    bytes += count;
    if (in_memory && bytes > kMostInMemory) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("standard input brings more than {}, which --mask keeps in memory so that no value reaches the disk "
                              "unmasked; name a file",
                              human_bytes(kMostInMemory)));
    }
    write_all(to, block.data(), count);
  }
  return bytes;
}

Files spool(bool in_memory, const std::string& directory, int from, const std::stop_token& stop) {
  const int made = open_nameless(in_memory, directory);
  if (made < 0) fail(fmt::format("no temporary file can be made in {}", directory));
  auto file = std::make_shared<const Descriptor>(made);
  Files files;
  files.name = "standard input";
  files.bytes = copy(from, made, in_memory, stop);
  files.paths = {fmt::format("/proc/self/fd/{}", made)};  // each time it is opened it begins at its beginning
  files.held = std::move(file);
  return files;
}

}  // namespace

FindFiles standard_input(const SourceOptions& options, const Context& context) {
  const std::string directory = context.environment.get("TMPDIR").value_or("/tmp");
  return [=, in_memory = options.keep_private, from = context.standard_input, stop = context.stop,
          read = std::make_shared<std::optional<Files>>()] {
    if (!*read) *read = spool(in_memory, directory, from, stop);
    return **read;
  };
}

}  // namespace ingestr::files
