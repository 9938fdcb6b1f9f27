#include "base/secrets.h"

#include <algorithm>

#include "base/uri.h"

namespace ingestr {
namespace {

constexpr size_t kShortestSecret = 4;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A message that was cut (see shorten) may end in the first letters of a secret: "key_12…".
void replace_cut(std::string& text, std::string_view secret) {
  static constexpr std::string_view kCut = "…";
  for (size_t at = text.find(kCut); at != std::string::npos; at = text.find(kCut, at + kCut.size())) {
    for (size_t length = std::min(secret.size() - 1, at); length >= kShortestSecret; --length) {
      if (std::string_view(text).substr(at - length, length) != secret.substr(0, length)) continue;
      text.replace(at - length, length, "***");
      at = at - length + 3;
      break;
    }
  }
}

}  // namespace

void Secrets::add(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  const std::lock_guard lock(mutex_);
  for (const std::string& form : {std::string(secret), percent_encode(secret)}) {
    if (std::find(secrets_.begin(), secrets_.end(), form) == secrets_.end()) secrets_.push_back(form);
  }
  // A secret that contains another one must go first, or its rest would stay visible.
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Secrets::redact(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  std::string out(text);
  for (const std::string& secret : secrets_) replace_all(out, secret, "***");
  for (const std::string& secret : secrets_) replace_cut(out, secret);
  return out;
}

}  // namespace ingestr
