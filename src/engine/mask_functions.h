// What masks need and SQL does not have.
#pragma once

#include <string>
#include <string_view>

#include "duck/function.h"

namespace ingestr {

// HMAC-SHA-256 with `key`, as 64 hexadecimal digits. Its name tells nothing of the key and is another one each time.
duck::TextFunction keyed_hash(std::string key);

// "1" for the first text, "2" for the next other one, and so on; the same for the same. It remembers them all.
duck::TextFunction sequence();

// 32 bytes that nobody can foresee. Throws Error(internal) when the system has none.
std::string random_key();

// "sha256 of this text" keyed: what keyed_hash() gives.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace ingestr
