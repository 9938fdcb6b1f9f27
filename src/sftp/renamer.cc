#include "sftp/renamer.h"

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <string_view>

namespace ingestr::sftp {
namespace {

constexpr uint32_t kVersion = 3;
constexpr size_t kNumberBytes = 4;
constexpr uint32_t kLongestPacket = 256'000;

std::string number(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string text(std::string_view value) { return number(static_cast<uint32_t>(value.size())).append(value); }

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < kNumberBytes; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

}  // namespace

void Renamer::ChannelFreed::operator()(ssh_channel channel) const { ssh_channel_free(channel); }

Renamer::Renamer(ssh_session ssh) : channel_(ssh_channel_new(ssh)) {
  if (!channel_ || ssh_channel_open_session(channel_.get()) != SSH_OK || ssh_channel_request_sftp(channel_.get()) != SSH_OK) return;
  if (!send(static_cast<char>(SSH_FXP_INIT) + number(kVersion))) return;
  const std::string answer = receive();
  is_open_ = !answer.empty() && answer[0] == static_cast<char>(SSH_FXP_VERSION);
}

int Renamer::rename(const std::string& from, const std::string& to) {
  if (!send(static_cast<char>(SSH_FXP_EXTENDED) + number(++next_) + text("posix-rename@openssh.com") + text(from) + text(to))) return -1;
  const std::string answer = receive();
  if (answer.size() < 1 + 2 * kNumberBytes || answer[0] != static_cast<char>(SSH_FXP_STATUS) || number_at(answer, 1) != next_) return -1;
  return static_cast<int>(number_at(answer, 1 + kNumberBytes));
}

bool Renamer::send(const std::string& packet) {
  const std::string bytes = text(packet);
  return ssh_channel_write(channel_.get(), bytes.data(), static_cast<uint32_t>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string Renamer::receive() {
  std::string length(kNumberBytes, '\0');
  if (!read_all(length.data(), length.size())) return "";
  const uint32_t bytes = number_at(length, 0);
  if (bytes == 0 || bytes > kLongestPacket) return "";
  std::string packet(bytes, '\0');
  return read_all(packet.data(), packet.size()) ? packet : "";
}

bool Renamer::read_all(char* bytes, size_t count) {
  while (count > 0) {
    const int got = ssh_channel_read(channel_.get(), bytes, static_cast<uint32_t>(count), 0);
    if (got < 0 || (got == 0 && ssh_channel_is_eof(channel_.get()) != 0)) return false;
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace ingestr::sftp
