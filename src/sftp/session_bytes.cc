// What a session does to files' bytes.
#include <fcntl.h>
#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <algorithm>
#include <deque>

#include "sftp/login.h"
#include "sftp/session_wait.h"

namespace ingestr::sftp {
namespace {

// What every server gives at once, by the draft of the protocol.
constexpr uint32_t kReadBytes = 32'768;
constexpr size_t kReadsAhead = 64;
// A write is answered before the next one leaves, so it had better be large; who knows this extension takes packets of 256 KiB.
constexpr size_t kWriteBytes = 32'000;
constexpr size_t kLargeWriteBytes = 255'000;
constexpr const char* kLargePackets = "limits@openssh.com";
constexpr const char* kFsync = "fsync@openssh.com";
constexpr const char* kRoom = "statvfs@openssh.com";
// Of the protocol's later drafts.
constexpr int kNoSpace = 14, kQuotaExceeded = 15;

}  // namespace

void Session::FileClosed::operator()(sftp_file file) const {
  session->wait([&] { return sftp_close(file); });
}

Session::OpenFile Session::open(const std::string& path, int flags, uint32_t permissions) {
  OpenFile file(wait([&] { return sftp_open(sftp_.get(), path.c_str(), flags, permissions); }), FileClosed{this});
  if (!file) fail(path, (flags & O_WRONLY) != 0 ? "cannot be written" : "cannot be read");
  return file;
}

// The protocol has no word for a full disk, later drafts do.
void Session::fail_to_write(const std::string& path, size_t bytes) const {
  const int status = sftp_get_error(sftp_.get());
  if (is_lost() || (status != SSH_FX_FAILURE && status != kNoSpace && status != kQuotaExceeded)) fail(path, "cannot be written");
  const std::string words = last_words(ssh_.get());
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  if (status == kNoSpace || !has_room(directory, bytes)) {
    throw Error(ErrorKind::unavailable, fmt::format("the disk of {} is full; make room there and run again", shown(who_, directory)));
  }
  throw Error(ErrorKind::unavailable, fmt::format("{} cannot be written ({}); has the user {} used up what it may?", shown(who_, path), words, who_.user));
}

// True where the server does not say.
bool Session::has_room(const std::string& directory, size_t bytes) const {
  if (sftp_extension_supported(sftp_.get(), kRoom, "2") == 0) return true;
  const std::unique_ptr<sftp_statvfs_struct, decltype(&sftp_statvfs_free)> room(
      wait([&] { return sftp_statvfs(sftp_.get(), directory.c_str()); }), sftp_statvfs_free);
  return !room || room->f_bavail * room->f_frsize >= bytes;
}

// Reads that are under way; answers come in their order.
class Session::Window {
 public:
  // `end` 0: nobody knows it.
  Window(sftp_file file, uint64_t offset, uint64_t end) : file_(file), next_(offset), end_(end) { sftp_seek64(file, offset); }

  // Asks for more; false when the connection is lost.
  bool fill() {
    while (asked_.size() < kReadsAhead && (end_ == 0 || next_ < end_)) {
      const int id = sftp_async_read_begin(file_, kReadBytes);
      if (id < 0) return false;
      asked_.push_back(static_cast<uint32_t>(id));
      next_ += kReadBytes;
    }
    return true;
  }
  // The next bytes; 0 at the end, less than 0 for a failure.
  int take(char* bytes) {
    if (asked_.empty()) return 0;
    const uint32_t id = asked_.front();
    asked_.pop_front();
    return sftp_async_read(file_, bytes, kReadBytes, id);
  }
  // Answers to what was asked for behind an answer that was too short are of no use.
  bool drop() {
    std::string ignored(kReadBytes, '\0');
    while (!asked_.empty()) {
      if (take(ignored.data()) < 0) return false;
    }
    return true;
  }

 private:
  sftp_file file_;
  uint64_t next_, end_;
  std::deque<uint32_t> asked_;
};

void Session::read(const std::string& path, uint64_t offset, uint64_t end, const std::function<void(std::string_view)>& take) {
  std::string bytes(kReadBytes, '\0');
  for (int count = -1; count != 0 && (end == 0 || offset < end);) {
    const OpenFile file = open(path, O_RDONLY, 0);
    Window window(file.get(), offset, end);
    // Until an answer is shorter than what was asked for: the file ends there, or the server gives less at once.
    do {
      count = wait([&] { return window.fill() ? window.take(bytes.data()) : -1; });
      if (count < 0) fail(path, "cannot be read");
      take({bytes.data(), static_cast<size_t>(count)});
      offset += static_cast<uint64_t>(count);
    } while (count == kReadBytes);
    if (!wait([&] { return window.drop(); })) fail(path, "cannot be read");
  }
  if (offset < end) {
    throw Error(ErrorKind::bad_data, fmt::format("{} became shorter while it was read, {} bytes of {}; run again when it is complete",
                                                 shown(who_, path), offset, end));
  }
}

void Session::write(const std::string& path, uint64_t offset, uint32_t permissions, const std::function<size_t(char*, size_t)>& next,
                    const std::function<void(size_t)>& written) {
  OpenFile file = open(path, offset == 0 ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY, permissions);
  sftp_seek64(file.get(), offset);
  const bool takes_large = sftp_extension_supported(sftp_.get(), kLargePackets, "1") != 0;
  std::string bytes(takes_large ? kLargeWriteBytes : kWriteBytes, '\0');
  while (const size_t count = next(bytes.data(), bytes.size())) {
    if (wait([&] { return sftp_write(file.get(), bytes.data(), count); }) != static_cast<ssize_t>(count)) fail_to_write(path, count);
    written(count);
  }
  if (sftp_extension_supported(sftp_.get(), kFsync, "1") != 0 && wait([&] { return sftp_fsync(file.get()); }) != SSH_OK) fail_to_write(path, 1);
  if (wait([&] { return sftp_close(file.release()); }) != SSH_OK) fail_to_write(path, 1);
}

}  // namespace ingestr::sftp
