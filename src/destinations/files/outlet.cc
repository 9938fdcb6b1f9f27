#include "destinations/files/outlet.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "destinations/files/azure_store.h"
#include "destinations/files/object_store.h"
#include "destinations/files/target.h"

namespace ingestr::file_output {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlock = 1 << 20;
constexpr int kPollMilliseconds = 100;

class Local final : public Outlet {
 public:
  explicit Local(const Uri& uri) : Outlet(local_facts(uri)), target_(target_of(uri)) {}

  bool has_rows() const override { return target_.has_rows(); }
  std::unique_ptr<Workplace> workplace() const override { return std::make_unique<Workplace>(target_); }
  void publish(Workplace& workplace, const fs::path& written, const std::string& name) override {
    workplace.publish(written, target_.is_directory ? target_.path / name : target_.path);
    workplace.keep();
  }

 private:
  Target target_;
};

class StandardOutput final : public Outlet {
 public:
  explicit StandardOutput(const Context& context) : Outlet(standard_output_facts({})), context_(context) {}

  bool has_rows() const override { return false; }
  std::unique_ptr<Workplace> workplace() const override { return temporary_workplace(context_.environment); }
  void publish(Workplace&, const fs::path& written, const std::string&) override {
    std::ifstream file(written, std::ios::binary);
    std::vector<char> block(kBlock);
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
      write(block.data(), static_cast<size_t>(file.gcount()));
    }
  }

 private:
  void write(const char* bytes, size_t count) const {
    while (count > 0) {
      if (context_.stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
      pollfd wait{context_.standard_output, POLLOUT, 0};
      if (::poll(&wait, 1, kPollMilliseconds) == 0) continue;
      // No more than a pipe takes at once, for a longer write would wait for its reader whatever is asked.
      const ssize_t written = ::write(context_.standard_output, bytes, std::min<size_t>(count, PIPE_BUF));
      if (written >= 0) {
        bytes += written;
        count -= static_cast<size_t>(written);
      } else if (errno == EPIPE) {
        throw Error(ErrorKind::unavailable, "standard output: its reader has gone before it had all rows; let it read to the end");
      } else if (errno != EINTR && errno != EAGAIN) {
        throw Error(ErrorKind::unavailable, fmt::format("standard output cannot be written ({})", std::strerror(errno)));
      }
    }
  }

  const Context& context_;
};

// Of the store that a class speaks to.
template <class Speaker>
class Store final : public Outlet {
 public:
  Store(const RemotePlace& place, const Uri& uri, const Context& context)
      : Outlet(store_facts(uri)), context_(context), store_(place, uri, context) {}

  bool has_rows() const override { return store_.has(store_.key()); }
  std::unique_ptr<Workplace> workplace() const override { return temporary_workplace(context_.environment); }
  void publish(Workplace&, const fs::path& written, const std::string& name) override {
    store_.put(written, facts().is_directory ? store_.key() + name : store_.key());
  }

 private:
  const Context& context_;
  Speaker store_;
};

}  // namespace

OutletFacts local_facts(const Uri& uri) {
  const Target target = target_of(uri);
  return {.name = target.path.string(),
          .is_directory = target.is_directory,
          .takes_replace = !target.is_directory || !target.has_rows()};
}

OutletFacts standard_output_facts(const Uri&) { return {.name = "standard output", .takes_append = false}; }

// Nothing is asked whether a directory is empty.
OutletFacts store_facts(const Uri& uri) {
  const std::string path = percent_decode(uri.rest);
  return {.name = fmt::format("{}://{}", uri.scheme, path), .is_directory = path.ends_with('/'), .takes_replace = !path.ends_with('/')};
}

std::unique_ptr<Outlet> open_local(const Uri& uri) { return std::make_unique<Local>(uri); }

std::unique_ptr<Outlet> open_standard_output(const Context& context) { return std::make_unique<StandardOutput>(context); }

std::unique_ptr<Outlet> open_store_at(const RemotePlace& place, const Uri& uri, const Context& context) {
  if (place.speaks_s3()) return std::make_unique<Store<ObjectStore>>(place, uri, context);
  return std::make_unique<Store<AzureStore>>(place, uri, context);
}

}  // namespace ingestr::file_output
