#include "sources/files/unchanged.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.h"

namespace ingestr::files {
namespace {

// Which file it is, its size, and when it was last written to; empty: it is gone.
std::string state_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return "";
  return fmt::format("{} {} {} {}.{}", found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
}

class UnchangedCheck final : public RowCheck {
 public:
  explicit UnchangedCheck(Unchanged unchanged) : unchanged_(std::move(unchanged)) {}

  void finish(uint64_t) override { unchanged_.finish(); }

 private:
  Unchanged unchanged_;
};

}  // namespace

Unchanged::Unchanged(const Files& files) : look_again_(files.look_again) {
  if (!files.is_local) return;
  for (const std::string& path : files.paths) files_.push_back({path, files.called(path), state_of(path)});
}

void Unchanged::check() const {
  for (const Seen& file : files_) {
    if (state_of(file.path) == file.state) continue;
    throw Error(ErrorKind::bad_data, fmt::format("{} has changed while it was read; run again", file.name));
  }
}

void Unchanged::finish() const {
  check();
  if (look_again_) look_again_();
}

std::function<std::unique_ptr<RowCheck>(duck::Connection&)> row_check(const Unchanged& unchanged) {
  return [unchanged](duck::Connection&) { return std::make_unique<UnchangedCheck>(unchanged); };
}

}  // namespace ingestr::files
