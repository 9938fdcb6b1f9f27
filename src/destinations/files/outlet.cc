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
#include "base/interrupt.h"
#include "destinations/files/azure_store.h"
#include "destinations/files/directory.h"
#include "destinations/files/object_store.h"
#include "destinations/files/run_files.h"
#include "destinations/files/sftp_store.h"
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
  void check_replaceable() const override {
    if (target_.is_directory) run_files_of(target_.path);
  }
  void publish(Workplace& workplace, const std::vector<Finished>& files, const std::set<std::string>& replaced) override {
    if (target_.is_directory) {
      publish_into(target_.path, workplace, files, replaced);
    } else {
      workplace.publish(files.at(0).path, target_.path);
    }
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
  void publish(Workplace&, const std::vector<Finished>& files, const std::set<std::string>&) override {
    std::ifstream file(files.at(0).path, std::ios::binary);
    std::vector<char> block(kBlock);
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
      write(block.data(), static_cast<size_t>(file.gcount()));
    }
  }

 private:
  void write(const char* bytes, size_t count) const {
    while (count > 0) {
      throw_if_stopped(context_.stop);
      pollfd wait{context_.standard_output, POLLOUT, 0};
      if (::poll(&wait, 1, kPollMilliseconds) == 0) continue;
      // No more than a pipe takes at once, for a longer write would wait for its reader whatever is asked.
      const ssize_t written = ::write(context_.standard_output, bytes, std::min<size_t>(count, PIPE_BUF));
      if (written >= 0) {
        bytes += written;
        count -= static_cast<size_t>(written);
      } else if (errno == EPIPE) {
        throw Error(ErrorKind::unavailable, "its reader has gone before it had all rows; let it read to the end");
      } else if (errno != EINTR && errno != EAGAIN) {
        throw Error(ErrorKind::unavailable, fmt::format("it cannot be written ({})", std::strerror(errno)));
      }
    }
  }

  const Context& context_;
};

// Of the store that a class speaks to.
template <class Speaker>
class Store final : public Outlet {
 public:
  Store(OutletFacts facts, const RemotePlace& place, const Uri& uri, const Context& context)
      : Outlet(std::move(facts)), context_(context), store_(place, uri, context) {}

  bool has_rows() const override { return store_.has(store_.key()); }
  std::unique_ptr<Workplace> workplace() const override {
    if constexpr (requires { store_.prepare(); }) within(facts().name, [&] { store_.prepare(); });
    return temporary_workplace(context_.environment);
  }
  void check_replaceable() const override {
    if (facts().is_directory) run_files(store_.list(store_.key()), facts().name);
  }
  void publish(Workplace&, const std::vector<Finished>& files, const std::set<std::string>& replaced) override {
    if (!facts().is_directory) return store_.put(files.at(0).path, store_.key());
    const std::vector<RunFile> old = replaced.empty() ? std::vector<RunFile>() : run_files(store_.list(store_.key()), facts().name);
    put_all(files);
    for (const RunFile& file : old) {
      if (!replaced.contains(file.table)) continue;
      within("the new files are there, but not all old ones are gone yet", [&] { store_.remove(store_.key() + file.name); });
    }
  }

 private:
  // All, or none if that can be. The one that failed may be there all the same.
  void put_all(const std::vector<Finished>& files) const {
    std::vector<std::string> begun;
    try {
      for (const Finished& file : files) {
        begun.push_back(store_.key() + file.name);
        store_.put(file.path, begun.back());
      }
    } catch (...) {
      for (const std::string& key : begun) take_back(key);
      throw;
    }
  }

  void take_back(const std::string& key) const noexcept {
    try {
      store_.remove(key);
    } catch (const Error&) {
      // It is one of a run that has failed, and the next replace takes it away.
    }
  }

  const Context& context_;
  Speaker store_;
};

}  // namespace

OutletFacts local_facts(const Uri& uri) {
  const Target target = target_of(uri);
  return {.name = target.path.string(), .is_directory = target.is_directory};
}

void check_replaceable_local(const Uri& uri) {
  const Target target = target_of(uri);
  if (target.is_directory) run_files_of(target.path);
}

OutletFacts standard_output_facts(const Uri&) { return {.name = "standard output", .takes_append = false}; }

OutletFacts store_facts(const Uri& uri) {
  const std::string path = percent_decode(uri.rest);
  return {.name = fmt::format("{}://{}", uri.scheme, path), .is_directory = path.ends_with('/')};
}

std::unique_ptr<Outlet> open_local(const Uri& uri) { return std::make_unique<Local>(uri); }

std::unique_ptr<Outlet> open_standard_output(const Context& context) { return std::make_unique<StandardOutput>(context); }

std::unique_ptr<Outlet> open_store_at(const RemotePlace& place, const Uri& uri, const Context& context) {
  if (place.speaks_sftp()) return std::make_unique<Store<SftpStore>>(sftp_facts(uri), place, uri, context);
  if (place.speaks_s3()) return std::make_unique<Store<ObjectStore>>(store_facts(uri), place, uri, context);
  return std::make_unique<Store<AzureStore>>(store_facts(uri), place, uri, context);
}

}  // namespace ingestr::file_output
