#include "data/doubled_key.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ingestr {
namespace {

constexpr std::string_view kIsThere = "is there already, and a PRIMARY KEY or UNIQUE constraint forbids a second";

}  // namespace

Error key_is_there(std::string_view key) {
  const std::string which = key.empty() ? "the same key" : fmt::format("the key {}", key);
  return Error(ErrorKind::constraint, fmt::format("a row with {} {}", which, kIsThere));
}

bool says_key_is_there(std::string_view text) { return contains(text, kIsThere); }

}  // namespace ingestr
