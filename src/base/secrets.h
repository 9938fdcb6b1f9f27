// The texts that must never be shown (API keys, passwords), and the filter that everything printed goes through.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ingestr {

// Thread-safe.
class Secrets {
 public:
  // Remembers a secret as given and percent-encoded. Texts of fewer than 4 characters are ignored: replacing
  // them would garble every message.
  void add(std::string_view secret);
  // `text` with every secret replaced by "***".
  std::string redact(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> secrets_;  // longest first
};

}  // namespace ingestr
