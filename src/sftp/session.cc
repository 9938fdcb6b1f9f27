#include "sftp/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <unistd.h>

#include <algorithm>

#include "sftp/login.h"
#include "sftp/session_wait.h"
#include "sftp/socket.h"

namespace ingestr::sftp {
namespace {

constexpr long kNoEndSeconds = 86'400;  // the watch is the one that ends a wait

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
  if (watch_->end() == Watch::End::stopped) throw interrupted();
  if (watch_->end() == Watch::End::stalled) {
    throw Error(ErrorKind::unavailable, fmt::format("{} was silent for {}", who_.server(), seconds(patience_.working)));
  }
  if (is_lost()) throw Error(ErrorKind::unavailable, fmt::format("{} broke the connection off", who_.server()));
  refuse(sftp_get_error(sftp_.get()), last_words(ssh_.get()), path, what);
}

void Session::refuse(int status, const std::string& words, const std::string& path, std::string_view what) const {
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
      throw Error(ErrorKind::unavailable, fmt::format("{} {} ({})", name, what, words));
  }
}

}  // namespace ingestr::sftp
