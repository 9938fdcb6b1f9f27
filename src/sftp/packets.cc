#include "sftp/packets.h"

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <algorithm>

namespace ingestr::sftp {
namespace {

constexpr size_t kNumberBytes = 4;
constexpr size_t kStatusBytes = 1 + 2 * kNumberBytes;  // its type, number and code
constexpr uint32_t kLongestAnswer = 256'000;

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

std::optional<uint32_t> Packets::send(uint8_t type, std::string_view content) {
  const std::string packet = text((static_cast<char>(type) + number(++next_)).append(content));
  const int sent = ssh_channel_write(channel_, packet.data(), static_cast<uint32_t>(packet.size()));
  return sent == static_cast<int>(packet.size()) ? std::optional(next_) : std::nullopt;
}

std::optional<uint32_t> Packets::send_write(std::string_view handle, uint64_t offset, std::string_view bytes) {
  const std::string place = number(static_cast<uint32_t>(offset >> 32)) + number(static_cast<uint32_t>(offset));
  return send(SSH_FXP_WRITE, text(handle) + place + text(bytes));
}

std::optional<uint32_t> Packets::send_posix_rename(std::string_view from, std::string_view to) {
  return send(SSH_FXP_EXTENDED, text("posix-rename@openssh.com") + text(from) + text(to));
}

std::optional<Packets::Answer> Packets::receive() {
  std::string length(kNumberBytes, '\0');
  if (!read_all(length.data(), length.size())) return std::nullopt;
  const uint32_t bytes = number_at(length, 0);
  if (bytes < kStatusBytes || bytes > kLongestAnswer) return std::nullopt;
  std::string packet(bytes, '\0');
  if (!read_all(packet.data(), packet.size()) || packet[0] != static_cast<char>(SSH_FXP_STATUS)) return std::nullopt;
  Answer answer{number_at(packet, 1), static_cast<int>(number_at(packet, 1 + kNumberBytes))};
  const size_t words = kStatusBytes + kNumberBytes;
  if (packet.size() >= words) answer.words = packet.substr(words, number_at(packet, kStatusBytes));
  return answer;
}

bool Packets::read_all(char* bytes, size_t count) {
  while (count > 0) {
    const int got = ssh_channel_read(channel_, bytes, static_cast<uint32_t>(count), 0);
    if (got < 0 || (got == 0 && ssh_channel_is_eof(channel_) != 0)) return false;
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace ingestr::sftp
