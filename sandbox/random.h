// Seeded, reproducible pseudo-random numbers: all data of the sandbox is a pure function of a seed
// and a row key.
#pragma once

#include <cstdint>
#include <string_view>

namespace sandbox {

// Finalizer of splitmix64: every input bit changes about half of the output bits.
constexpr uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// FNV-1a, mixed. The same on every platform, unlike std::hash.
constexpr uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

// One stream of numbers. Cheap to make (one per row) and to draw from.
class Random {
 public:
  explicit constexpr Random(uint64_t seed) : state_(seed) {}

  constexpr uint64_t next() { return mix(state_++); }

  // A number in [0, bound); bound must be below 2^32 and above 0.
  constexpr uint64_t below(uint64_t bound) { return ((next() >> 32) * bound) >> 32; }

  constexpr bool percent(int chance) { return below(100) < static_cast<uint64_t>(chance); }

 private:
  uint64_t state_;
};

}  // namespace sandbox
