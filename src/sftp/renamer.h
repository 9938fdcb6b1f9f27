// Renamer: gives files names that others have. Private to session.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct ssh_channel_struct;
struct ssh_session_struct;

namespace ingestr::sftp {

// Speaks posix-rename@openssh.com, which libssh's client has from 0.11 on and Debian 12's not, by a channel of its own. See PROTOCOL in
// OpenSSH, 4.3, and draft-ietf-secsh-filexfer-02.
class Renamer {
 public:
  // Opens the channel; is_open() says whether that went well. `ssh` outlives it.
  explicit Renamer(ssh_session_struct* ssh);
  bool is_open() const { return is_open_; }
  // The server's answer, SSH_FX_OK and so on; less than 0 when none came.
  int rename(const std::string& from, const std::string& to);

 private:
  struct ChannelFreed { void operator()(ssh_channel_struct* channel) const; };

  bool send(const std::string& packet);
  // The next packet without its length; empty: the connection is lost, or it is no packet.
  std::string receive();
  bool read_all(char* bytes, size_t count);

  std::unique_ptr<ssh_channel_struct, ChannelFreed> channel_;
  uint32_t next_ = 0;  // request's number
  bool is_open_ = false;
};

}  // namespace ingestr::sftp
