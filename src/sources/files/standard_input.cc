#include "sources/files/standard_input.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/nameless_file.h"

namespace ingestr::files {
namespace {

constexpr size_t kBlock = 1 << 20;
constexpr int kPollMilliseconds = 100;

// The next bytes; 0 at the end.
size_t read_some(int descriptor, std::vector<char>& block, const std::stop_token& stop) {
  for (;;) {
    throw_if_stopped(stop);
    pollfd wait{descriptor, POLLIN, 0};
    if (::poll(&wait, 1, kPollMilliseconds) == 0) continue;
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR && errno != EAGAIN) throw Error(ErrorKind::unavailable, fmt::format("it cannot be read ({})", std::strerror(errno)));
  }
}

Files spool(bool in_memory, const std::string& directory, int from, const std::stop_token& stop) {
  auto kept = std::make_shared<NamelessFile>(in_memory ? "" : directory);
  Files files;
  files.name = "standard input";
  std::vector<char> block(kBlock);
  while (const size_t count = read_some(from, block, stop)) {
    files.bytes += count;
    if (in_memory) check_kept_in_memory(files.bytes);
    kept->write(block.data(), count);
  }
  files.paths = {kept->path()};
  files.held = std::move(kept);
  return files;
}

}  // namespace

FindFiles standard_input(const SourceOptions& options, const Context& context) {
  const std::string directory = context.environment.get("TMPDIR").value_or("/tmp");
  return [=, in_memory = options.keep_private, from = context.standard_input, stop = context.stop,
          read = std::make_shared<std::optional<Files>>()] {
    if (!*read) *read = within("standard input", [&] { return spool(in_memory, directory, from, stop); });
    return **read;
  };
}

}  // namespace ingestr::files
