#include "uuid.h"

#include <array>

#include "hex.h"
#include "random.h"

namespace sandbox {
namespace {

constexpr auto kHexPairs = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t i = 0; i < 256; ++i) pairs[i] = {digits[i >> 4], digits[i & 15]};
  return pairs;
}();

// Bytes before which a dash stands: 8-4-4-4-12 digits.
constexpr bool dash_before(int byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

Uuid make_uuid(uint64_t high, uint64_t low) {
  return {(high & ~0xf000ULL) | 0x4000ULL, (low & ~(3ULL << 62)) | (2ULL << 62)};
}

Uuid named_uuid(std::string_view name) {
  const uint64_t hash = hash_text(name);
  return make_uuid(mix(hash), mix(hash + 1));
}

void write_uuid(const Uuid& id, char* out) {
  for (int byte = 0; byte < 16; ++byte) {
    if (dash_before(byte)) *out++ = '-';
    const uint64_t half = byte < 8 ? id.high : id.low;
    const auto& pair = kHexPairs[(half >> (56 - 8 * (byte % 8))) & 255];
    *out++ = pair[0];
    *out++ = pair[1];
  }
}

std::string to_text(const Uuid& id) {
  std::string text(kUuidLength, '\0');
  write_uuid(id, text.data());
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  Uuid id;
  size_t at = 0;
  for (int byte = 0; byte < 16; ++byte) {
    if (dash_before(byte) && text[at++] != '-') return std::nullopt;
    const int first = hex_digit(text[at]), second = hex_digit(text[at + 1]);
    at += 2;
    if (first < 0 || second < 0) return std::nullopt;
    uint64_t& half = byte < 8 ? id.high : id.low;
    half = half << 8 | static_cast<uint64_t>(first << 4 | second);
  }
  return id;
}

}  // namespace sandbox
