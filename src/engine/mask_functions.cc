#include "engine/mask_functions.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/error.h"

namespace ingestr {
namespace {

std::string hexadecimal(const unsigned char* bytes, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

std::string random_bytes(int count) {
  std::string bytes(static_cast<size_t>(count), '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), count) != 1) {
    throw Error(ErrorKind::internal, "OpenSSL has no random numbers");
  }
  return bytes;
}

std::string unused_name() {
  const std::string bytes = random_bytes(8);
  return "ingestr_" + hexadecimal(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

// Numbers texts in the order in which they come. Thread-safe.
class Sequence {
 public:
  uint64_t of(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return numbers_.try_emplace(std::string(text), numbers_.size() + 1).first->second;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, uint64_t> numbers_;
};

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int bytes = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), digest.data(), &bytes) == nullptr) {
    throw Error(ErrorKind::internal, "OpenSSL has no HMAC-SHA-256");
  }
  return hexadecimal(digest.data(), bytes);
}

duck::TextFunction keyed_hash(std::string key) {
  return {unused_name(), [key = std::move(key)](std::string_view text) { return hmac_sha256(key, text); }};
}

duck::TextFunction sequence() {
  return {unused_name(),
          [numbers = std::make_shared<Sequence>()](std::string_view text) { return std::to_string(numbers->of(text)); }};
}

std::string random_key() { return random_bytes(32); }

}  // namespace ingestr
