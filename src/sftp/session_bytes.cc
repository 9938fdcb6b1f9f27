// What a session does to files' bytes.
#include <fcntl.h>
#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <algorithm>
#include <deque>

#include "base/text.h"
#include "sftp/login.h"
#include "sftp/packets.h"
#include "sftp/session_wait.h"

namespace ingestr::sftp {
namespace {

// What every server gives at once, by the draft of the protocol.
constexpr uint32_t kReadBytes = 32'768;
constexpr size_t kReadsAhead = 64;
constexpr size_t kWriteBytes = 32'000;
constexpr size_t kWritesAhead = 64;
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
void Session::fail_to_write(int status, const std::string& words, const std::string& path, size_t bytes) const {
  if (is_lost()) fail(path, "cannot be written");
  if (status != SSH_FX_FAILURE && status != kNoSpace && status != kQuotaExceeded) refuse(status, words, path, "cannot be written");
  const std::string directory = directory_of(path);
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
class Session::ReadWindow {
 public:
  // `end` 0: nobody knows it.
  ReadWindow(sftp_file file, uint64_t offset, uint64_t end) : file_(file), next_(offset), end_(end) { sftp_seek64(file, offset); }

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

// What was opened, whatever has the name by now.
void Session::check_unchanged(const File& file, sftp_file open) const {
  const std::unique_ptr<sftp_attributes_struct, decltype(&sftp_attributes_free)> now(wait([&] { return sftp_fstat(open); }), sftp_attributes_free);
  if (!now && is_lost()) fail(file.path, "cannot be looked at");
  if (!now) return;  // a server that does not know the question
  if (now->size == file.bytes && now->mtime == file.changed) return;
  throw Error(ErrorKind::bad_data, fmt::format("{} has changed while it was read; run again when it is complete", shown(who_, file.path)));
}

void Session::read(const File& file, uint64_t offset, const std::function<void(std::string_view)>& take) {
  std::string bytes(kReadBytes, '\0');
  const uint64_t end = file.bytes;
  for (int count = -1; count != 0 && (end == 0 || offset < end);) {
    const OpenFile opened = open(file.path, O_RDONLY, 0);
    ReadWindow window(opened.get(), offset, end);
    // Until an answer is shorter than what was asked for: the file ends there, or the server gives less at once.
    do {
      count = wait([&] { return window.fill() ? window.take(bytes.data()) : -1; });
      if (count < 0) fail(file.path, "cannot be read");
      const uint64_t wanted = end == 0 ? kReadBytes : end - offset;
      take({bytes.data(), std::min(static_cast<size_t>(count), wanted)});
      offset += std::min(static_cast<uint64_t>(count), wanted);
    } while (count == kReadBytes && (end == 0 || offset < end));
    if (!wait([&] { return window.drop(); })) fail(file.path, "cannot be read");
    check_unchanged(file, opened.get());
  }
  if (offset < end) {
    throw Error(ErrorKind::bad_data, fmt::format("{} ends after {} bytes of {}; run again when it is complete", shown(who_, file.path), offset, end));
  }
}

// Writes that are under way. A server may answer them in another order.
class Session::WriteWindow {
 public:
  WriteWindow(sftp_file file, uint64_t offset)
      : packets_(file->sftp->channel), handle_(static_cast<const char*>(ssh_string_data(file->handle)), ssh_string_len(file->handle)),
        offset_(offset) {}

  bool is_full() const { return asked_.size() >= kWritesAhead; }
  bool is_empty() const { return asked_.empty(); }
  // False when the connection is lost.
  bool add(std::string_view bytes) {
    const std::optional<uint32_t> number = packets_.send_write(handle_, offset_, bytes);
    if (!number) return false;
    asked_.push_back({*number, bytes.size()});
    offset_ += bytes.size();
    return true;
  }
  std::optional<Packets::Answer> receive() { return packets_.receive(); }
  // How many bytes more the server has without a gap, once that request is answered.
  size_t answered(uint32_t request) {
    for (Write& write : asked_) write.is_done = write.is_done || write.request == request;
    size_t bytes = 0;
    for (; !asked_.empty() && asked_.front().is_done; asked_.pop_front()) bytes += asked_.front().bytes;
    return bytes;
  }

 private:
  struct Write {
    uint32_t request;
    size_t bytes;
    bool is_done = false;
  };

  Packets packets_;
  std::string handle_;
  uint64_t offset_;
  std::deque<Write> asked_;
};

void Session::write(const std::string& path, uint64_t offset, uint32_t permissions, const std::function<size_t(char*, size_t)>& next,
                    const std::function<void(size_t)>& written) {
  OpenFile file = open(path, offset == 0 ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY, permissions);
  WriteWindow window(file.get(), offset);
  std::string bytes(kWriteBytes, '\0');
  for (bool is_all = false; !is_all || !window.is_empty();) {
    while (!is_all && !window.is_full()) {
      const size_t count = next(bytes.data(), bytes.size());
      is_all = count == 0;
      if (!is_all && !wait([&] { return window.add({bytes.data(), count}); })) fail(path, "cannot be written");
    }
    if (window.is_empty()) break;
    const std::optional<Packets::Answer> answer = wait([&] { return window.receive(); });
    if (!answer) fail(path, "cannot be written");
    if (answer->status != SSH_FX_OK) fail_to_write(answer->status, shorten(answer->words, kShownWords), path, bytes.size());
    written(window.answered(answer->request));
  }
  const auto check = [&](int result) {
    if (result != SSH_OK) fail_to_write(sftp_get_error(sftp_.get()), last_words(ssh_.get()), path, 1);
  };
  if (sftp_extension_supported(sftp_.get(), kFsync, "1") != 0) check(wait([&] { return sftp_fsync(file.get()); }));
  check(wait([&] { return sftp_close(file.release()); }));
}

}  // namespace ingestr::sftp
