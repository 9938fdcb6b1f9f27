#include "base/fetched.h"

namespace ingestr {
namespace {

constexpr size_t kLetters = 6;
constexpr std::string_view kBeforePath = " \t\n\"'`([,=";

}  // namespace

std::string with_origins(std::string_view text) {
  std::string shown(text);
  for (size_t at = shown.find(kFetchedPrefix); at != std::string::npos; at = shown.find(kFetchedPrefix, at + 1)) {
    const size_t scheme = at + kFetchedPrefix.size() + kLetters + 1;
    const size_t slash = shown.find('/', scheme);
    if (slash == std::string::npos || shown[scheme - 1] != '/') continue;
    shown.replace(slash, 1, "://");
    const size_t before = shown.find_last_of(kBeforePath, at);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    shown.erase(begin, scheme - begin);
    at = begin;
  }
  return shown;
}

}  // namespace ingestr
