#include "destinations/duckdb/footprint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/behind_links.h"

namespace ingestr {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kTemporary = ".ingestr.tmp.";

fs::path beside(fs::path file, std::string_view suffix) {
  return file += suffix;
}

constexpr uint64_t kHeaderBytes = 3 * 4096;
constexpr size_t kMagicOffset = 8;
constexpr std::string_view kMagic = "DUCK";

// DuckDB writes its three headers one after the other, and rows behind them.
bool is_cut_off_in_headers(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const auto bytes = static_cast<uint64_t>(status.st_size);
  if (bytes == 0) return true;
  std::array<char, kMagic.size()> magic{};
  return bytes < kHeaderBytes &&
         ::pread(descriptor, magic.data(), magic.size(), kMagicOffset) == static_cast<ssize_t>(magic.size()) &&
         std::string_view(magic.data(), magic.size()) == kMagic;
}

// A file that this process locks as DuckDB does, with a POSIX record lock, so that nobody opens it meanwhile. Not for a file
// that this process has open: closing it here would drop its lock.
class LockedFile {
 public:
  explicit LockedFile(const fs::path& file) : descriptor_(::open(file.c_str(), O_RDWR | O_CLOEXEC)) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    is_locked_ = descriptor_ >= 0 && ::fcntl(descriptor_, F_SETLK, &lock) == 0;
  }
  ~LockedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  bool is_stub() const { return is_locked_ && is_cut_off_in_headers(descriptor_); }

 private:
  int descriptor_;
  bool is_locked_ = false;
};

// Another program's rows may be in its log only.
bool has_log(const fs::path& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(beside(file, ".wal"), error));
}

}  // namespace

bool is_stub(const fs::path& file) { return LockedFile(file).is_stub() && !has_log(file); }

Footprint::Footprint(fs::path file)
    : file_(std::move(file)),
      real_(behind_links(file_)),
      temporary_(beside(file_, fmt::format("{}{}", kTemporary, ::getpid()))),
      directories_(real_) {
  remove_stub();
  std::error_code error;
  made_file_ = !fs::exists(fs::symlink_status(real_, error));
  at_forced_end_.emplace([this] { remove(); });
}

Footprint::~Footprint() {
  at_forced_end_.reset();
  remove();
}

void Footprint::keep() {
  at_forced_end_.reset();
  kept_ = true;
  directories_.keep();
}

// DuckDB opens no empty file either.
void Footprint::remove_stub() {
  const LockedFile locked(file_);
  if (!locked.is_stub() || has_log(file_) || has_log(real_)) return;
  std::error_code error;
  stub_.emplace(real_);
  was_empty_ = fs::file_size(real_, error) == 0;
  fs::remove(real_, error);
}

void Footprint::begin() const {
  if (stub_) stub_->give(real_);
  remove_left_temporaries();
  ::mkdir(temporary_.c_str(), 0700);  // where it cannot be, the engine cannot make it either
}

void Footprint::remove() const {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  if (kept_ || !made_file_) return;
  fs::remove(real_, ignored);
  fs::remove(beside(file_, ".wal"), ignored);
  if (!was_empty_) return;
  std::ofstream(real_).flush();
  stub_->give(real_);
}

void Footprint::remove_left_temporaries() const {
  const std::string prefix = file_.filename().string() + std::string(kTemporary);
  std::error_code error, ignored;
  for (fs::directory_iterator entry(fs::absolute(file_).parent_path(), error); entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with(prefix)) fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace ingestr
