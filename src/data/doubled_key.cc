#include "data/doubled_key.h"

#include <fmt/format.h>

namespace ingestr {

Error key_is_there(std::string_view key) {
  return Error(ErrorKind::constraint,
               fmt::format("a row with the key {} is there already, and a PRIMARY KEY or UNIQUE constraint forbids a second", key));
}

}  // namespace ingestr
