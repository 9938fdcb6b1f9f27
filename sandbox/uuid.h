// Uuid: a 128-bit id. Comparing two of them gives the same answer as comparing their texts, which
// is the order in which Attio's unsorted pages come back.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

struct Uuid {
  uint64_t high = 0;
  uint64_t low = 0;

  auto operator<=>(const Uuid&) const = default;
};

inline constexpr int kUuidLength = 36;

// Sets version 4 and the variant, so that strict clients accept the id.
Uuid make_uuid(uint64_t high, uint64_t low);

// The id of a named thing: always the same for the same name.
Uuid named_uuid(std::string_view name);

// Writes 36 lower-case characters to `out`, without a final zero.
void write_uuid(const Uuid& id, char* out);

std::string to_text(const Uuid& id);

// Nothing if the text is not exactly a UUID (either case of letters).
std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace sandbox
