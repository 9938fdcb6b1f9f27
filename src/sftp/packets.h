// Packets: what libssh's client has no call for, in the protocol's own words. Private to session*.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct ssh_channel_struct;

namespace ingestr::sftp {

// See draft-ietf-secsh-filexfer-02, and PROTOCOL in OpenSSH, 4.3. Libssh of Debian 12 sends a write only when the one before it is answered,
// and does not know posix-rename@openssh.com. It reads no byte ahead, so both can use its channel in turns: all answers must have come
// before libssh's calls go on.
class Packets {
 public:
  struct Answer {
    uint32_t request = 0;
    int status = 0;        // SSH_FX_OK and so on
    std::string words{};   // the server's
  };

  explicit Packets(ssh_channel_struct* channel) : channel_(channel) {}

  // They send a request and say its number; nothing when the connection is lost.
  std::optional<uint32_t> send_write(std::string_view handle, uint64_t offset, std::string_view bytes);
  std::optional<uint32_t> send_posix_rename(std::string_view from, std::string_view to);
  // The next answer; nothing when the connection is lost, or it is none.
  std::optional<Answer> receive();

 private:
  std::optional<uint32_t> send(uint8_t type, std::string_view content);
  bool read_all(char* bytes, size_t count);

  ssh_channel_struct* channel_;
  uint32_t next_ = 0;
};

}  // namespace ingestr::sftp
