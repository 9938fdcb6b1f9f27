// Remembers which rows were seen, in 24 bytes a slot, so that ten million rows fit into memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace ingestr {

// Says who a row is: 128 bits of a hash of its id. Two different ids among a billion rows share one with a
// probability of about 1e-21.
struct RowKey {
  uint64_t low = 0;
  uint64_t high = 0;

  bool operator==(const RowKey&) const = default;
};

// Not thread-safe.
class RowIndex {
 public:
  // The number a row was remembered with; nothing for a new one.
  std::optional<uint32_t> find(RowKey key) const;
  // Remembers a new row. Ignored when it is there already.
  void insert(RowKey key, uint32_t number);
  uint64_t size() const { return size_; }

 private:
  struct Slot {
    RowKey key;
    uint32_t number = 0;
    bool used = false;
  };
  size_t place_of(RowKey key) const;  // where it is, or where it would go
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most three quarters used
  uint64_t size_ = 0;
};

}  // namespace ingestr
