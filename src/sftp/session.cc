#include "sftp/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>

#include "http/without_sigpipe.h"
#include "sftp/login.h"
#include "sftp/socket.h"

namespace ingestr::sftp {
namespace {

// What every server gives at once, by the draft of the protocol.
constexpr uint32_t kReadBytes = 32'768;
constexpr size_t kReadsAhead = 64;
// A write is answered before the next one leaves, so it had better be large; who knows this extension takes packets of 256 KiB.
constexpr size_t kWriteBytes = 32'000;
constexpr size_t kLargeWriteBytes = 255'000;
constexpr const char* kLargePackets = "limits@openssh.com";
constexpr const char* kPosixRename = "posix-rename@openssh.com";
constexpr const char* kFsync = "fsync@openssh.com";
constexpr long kNoEndSeconds = 86'400;  // the watch is the one that ends a wait
constexpr uint32_t kPermissionBits = 07777;

void option(ssh_session ssh, ssh_options_e which, const void* value) {
  if (ssh_options_set(ssh, which, value) != SSH_OK) throw Error(ErrorKind::internal, fmt::format("libssh refuses option {}", static_cast<int>(which)));
}

std::string seconds(std::chrono::milliseconds time) { return fmt::format("{:.3g} s", std::chrono::duration<double>(time).count()); }

}  // namespace

void Session::SshClosed::operator()(ssh_session ssh) const {
  ssh_disconnect(ssh);
  ssh_free(ssh);
}
void Session::SftpClosed::operator()(sftp_session sftp) const { sftp_free(sftp); }

template <class Call>
auto Session::wait(Call&& call, std::optional<std::chrono::milliseconds> patience) const {
  const Watch::Waiting waiting(*watch_, patience.value_or(patience_.working));
  const WithoutSigpipe without_sigpipe;
  return call();
}

void Session::FileClosed::operator()(sftp_file file) const {
  session->wait([&] { return sftp_close(file); });
}

Session::Session(const Place& place, const Patience& patience, const std::stop_token& stop) : who_(place.who), patience_(patience) {
  const int socket = connect_to(who_, patience.connecting, stop);
  const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) {
    ::close(socket);
    throw Error(ErrorKind::unavailable, "no more files can be opened; allow more by `ulimit -n`");
  }
  watch_ = std::make_unique<Watch>(own, stop);
  ssh_.reset(ssh_new());
  if (!ssh_ || ssh_options_set(ssh_.get(), SSH_OPTIONS_FD, &socket) != SSH_OK) {
    ::close(socket);
    throw std::bad_alloc();
  }
  connect(place);
}

Session::~Session() {
  // A goodbye that nobody takes must not keep the program.
  const Watch::Waiting waiting(*watch_, std::min(patience_.connecting, patience_.working));
  const WithoutSigpipe without_sigpipe;
  renamer_.reset();
  sftp_.reset();
  ssh_.reset();
}

void Session::connect(const Place& place) {
  ssh_session ssh = ssh_.get();
  const int port = who_.port, no = 0;
  option(ssh, SSH_OPTIONS_PROCESS_CONFIG, &no);
  option(ssh, SSH_OPTIONS_TIMEOUT, &kNoEndSeconds);
  option(ssh, SSH_OPTIONS_HOST, who_.host.c_str());
  option(ssh, SSH_OPTIONS_PORT, &port);
  option(ssh, SSH_OPTIONS_USER, who_.user.c_str());
  if (!place.ssh_directory.empty()) option(ssh, SSH_OPTIONS_SSH_DIR, place.ssh_directory.c_str());
  if (!place.known_hosts.empty()) option(ssh, SSH_OPTIONS_KNOWNHOSTS, place.known_hosts.c_str());
  if (wait([&] { return ssh_connect(ssh); }, patience_.connecting) != SSH_OK) {
    if (watch_->end() == Watch::End::stopped) fail("", "");
    if (watch_->end() == Watch::End::stalled) {
      throw Error(ErrorKind::unavailable, fmt::format("{} does not answer as an SFTP server does within {}", who_.server(), seconds(patience_.connecting)));
    }
    throw Error(ErrorKind::unavailable, fmt::format("{} does not answer as an SFTP server does ({})", who_.server(), last_words(ssh)));
  }
  check_host(ssh, place);
  if (!wait([&] { return log_in(ssh, place); })) fail("", "");
  sftp_.reset(wait([&] { return sftp_new(ssh); }));
  if (!sftp_ || wait([&] { return sftp_init(sftp_.get()); }) != SSH_OK) {
    if (is_lost() && watch_->end() != Watch::End::none) fail("", "");
    throw Error(ErrorKind::unsupported, fmt::format("{} lets the user {} in, but not by SFTP ({}); ask whoever keeps the server to allow it",
                                                    who_.server(), who_.user, last_words(ssh)));
  }
}

bool Session::is_lost() const {
  if (watch_->end() != Watch::End::none || ssh_is_connected(ssh_.get()) == 0) return true;
  if (!sftp_) return false;
  const int error = sftp_get_error(sftp_.get());
  return error == SSH_FX_CONNECTION_LOST || error == SSH_FX_NO_CONNECTION || ssh_channel_is_eof(sftp_->channel) != 0 ||
         ssh_channel_is_closed(sftp_->channel) != 0;
}

void Session::fail(const std::string& path, std::string_view what) const {
  if (watch_->end() == Watch::End::stopped) throw Error(ErrorKind::cancelled, "interrupted");
  if (watch_->end() == Watch::End::stalled) {
    throw Error(ErrorKind::unavailable, fmt::format("{} was silent for {}", who_.server(), seconds(patience_.working)));
  }
  if (is_lost()) throw Error(ErrorKind::unavailable, fmt::format("{} broke the connection off", who_.server()));
  refuse(sftp_get_error(sftp_.get()), path, what);
}

void Session::refuse(int status, const std::string& path, std::string_view what) const {
  const std::string name = shown(who_, path);
  switch (status) {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH:
      throw Error(ErrorKind::not_found, fmt::format("{} {}: there is no such file or directory", name, what));
    case SSH_FX_PERMISSION_DENIED:
    case SSH_FX_WRITE_PROTECT:
      throw Error(ErrorKind::auth, fmt::format("{} {}: the user {} has no permission for it", name, what, who_.user));
    case SSH_FX_OP_UNSUPPORTED:
      throw Error(ErrorKind::unsupported, fmt::format("{} {}: the server cannot do that", name, what));
    default:
      throw Error(ErrorKind::unavailable, fmt::format("{} {} ({})", name, what, last_words(ssh_.get())));
  }
}

// The protocol has no word for a full disk.
void Session::fail_to_write(const std::string& path, size_t bytes) const {
  const int error = sftp_get_error(sftp_.get());
  if (!is_lost() && (error == SSH_FX_FAILURE || error == 14 || error == 15) && sftp_extension_supported(sftp_.get(), "statvfs@openssh.com", "2") != 0) {
    const std::string words = last_words(ssh_.get());
    const size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
    const std::unique_ptr<sftp_statvfs_struct, decltype(&sftp_statvfs_free)> room(
        wait([&] { return sftp_statvfs(sftp_.get(), directory.c_str()); }), sftp_statvfs_free);
    if (room && room->f_bavail * room->f_frsize < bytes) {
      throw Error(ErrorKind::unavailable, fmt::format("the disk of {} is full; make room there and run again", shown(who_, directory)));
    }
    throw Error(ErrorKind::unavailable, fmt::format("{} cannot be written ({}); has the user {} used up what it may?", shown(who_, path), words, who_.user));
  }
  fail(path, "cannot be written");
}

void Session::check(int result, const std::string& path, std::string_view what) const {
  if (result != SSH_OK) fail(path, what);
}

Entry Session::entry_of(const sftp_attributes_struct& attributes) {
  Entry entry;
  entry.name = attributes.name == nullptr ? "" : attributes.name;
  entry.kind = attributes.type == SSH_FILEXFER_TYPE_REGULAR     ? Entry::Kind::file
               : attributes.type == SSH_FILEXFER_TYPE_DIRECTORY ? Entry::Kind::directory
                                                                : Entry::Kind::other;
  entry.bytes = attributes.size;
  entry.changed = attributes.mtime;
  entry.permissions = attributes.permissions & kPermissionBits;
  entry.is_link = attributes.type == SSH_FILEXFER_TYPE_SYMLINK;
  return entry;
}

std::optional<Entry> Session::find(const std::string& path) {
  const std::unique_ptr<sftp_attributes_struct, decltype(&sftp_attributes_free)> attributes(
      wait([&] { return sftp_stat(sftp_.get(), path.c_str()); }), sftp_attributes_free);
  if (attributes) {
    Entry entry = entry_of(*attributes);
    entry.name = path.substr(path.rfind('/') + 1);
    return entry;
  }
  const int error = sftp_get_error(sftp_.get());
  if (!is_lost() && (error == SSH_FX_NO_SUCH_FILE || error == SSH_FX_NO_SUCH_PATH)) return std::nullopt;
  fail(path, "cannot be looked at");
}

std::vector<Entry> Session::list(const std::string& directory) {
  const auto close = [this](sftp_dir open) { wait([&] { return sftp_closedir(open); }); };
  const std::unique_ptr<sftp_dir_struct, decltype(close)> open(wait([&] { return sftp_opendir(sftp_.get(), directory.c_str()); }), close);
  if (!open) fail(directory, "cannot be read");
  std::vector<Entry> entries;
  while (const sftp_attributes raw = wait([&] { return sftp_readdir(sftp_.get(), open.get()); })) {
    const std::unique_ptr<sftp_attributes_struct, decltype(&sftp_attributes_free)> attributes(raw, sftp_attributes_free);
    Entry entry = entry_of(*attributes);
    if (entry.name != "." && entry.name != "..") entries.push_back(std::move(entry));
  }
  if (sftp_dir_eof(open.get()) == 0) fail(directory, "cannot be read");
  for (Entry& entry : entries) {
    if (!entry.is_link) continue;
    const std::string path = directory == "." ? entry.name : fmt::format("{}/{}", directory, entry.name);
    if (const std::optional<Entry> target = find(path)) entry = *target;
    entry.is_link = true;
  }
  return entries;
}

std::string Session::real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&ssh_string_free_char)> real(wait([&] { return sftp_canonicalize_path(sftp_.get(), path.c_str()); }),
                                                                    ssh_string_free_char);
  if (!real) fail(path, "cannot be looked at");
  return real.get();
}

Session::OpenFile Session::open(const std::string& path, int flags, uint32_t permissions) {
  OpenFile file(wait([&] { return sftp_open(sftp_.get(), path.c_str(), flags, permissions); }), FileClosed{this});
  if (!file) fail(path, (flags & O_WRONLY) != 0 ? "cannot be written" : "cannot be read");
  return file;
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

void Session::set_permissions(const std::string& path, uint32_t permissions) {
  check(wait([&] { return sftp_chmod(sftp_.get(), path.c_str(), permissions); }), path, "cannot get the permissions of the old file");
}

// The server's status.
int Session::rename_over(const std::string& from, const std::string& to) {
  if (!renamer_) renamer_ = wait([&] { return std::make_unique<Renamer>(ssh_.get()); });
  return renamer_->is_open() ? wait([&] { return renamer_->rename(from, to); }) : -1;
}

void Session::rename(const std::string& from, const std::string& to, const std::string& aside) {
  constexpr std::string_view kFault = "cannot be replaced";
  if (sftp_extension_supported(sftp_.get(), kPosixRename, "1") != 0) {
    const int status = rename_over(from, to);
    if (status == SSH_FX_OK) return;
    if (is_lost()) fail(to, kFault);
    if (status > 0) refuse(status, to, kFault);
  }
  const auto renamed = [this](const std::string& one, const std::string& other) {
    return wait([&] { return sftp_rename(sftp_.get(), one.c_str(), other.c_str()); }) == SSH_OK;
  };
  if (renamed(from, to)) return;
  if (is_lost() || sftp_get_error(sftp_.get()) == SSH_FX_PERMISSION_DENIED || !find(to) || !renamed(to, aside)) fail(to, kFault);
  if (!renamed(from, to)) {
    renamed(aside, to);
    fail(to, kFault);
  }
  remove(aside);
}

void Session::make_directory(const std::string& path) {
  if (wait([&] { return sftp_mkdir(sftp_.get(), path.c_str(), 0777); }) == SSH_OK) return;
  if (sftp_get_error(sftp_.get()) == SSH_FX_FILE_ALREADY_EXISTS && !is_lost()) return;
  fail(path, "cannot be made");
}

void Session::remove(const std::string& path) {
  if (wait([&] { return sftp_unlink(sftp_.get(), path.c_str()); }) == SSH_OK) return;
  const int error = sftp_get_error(sftp_.get());
  if (!is_lost() && (error == SSH_FX_NO_SUCH_FILE || error == SSH_FX_NO_SUCH_PATH)) return;
  fail(path, "cannot be removed");
}

bool Session::remove_empty_directory(const std::string& path) {
  if (wait([&] { return sftp_rmdir(sftp_.get(), path.c_str()); }) == SSH_OK) return true;
  if (is_lost()) fail(path, "cannot be removed");
  return false;
}

}  // namespace ingestr::sftp
