#include "data/row_index.h"

namespace ingestr {

size_t RowIndex::place_of(RowKey key) const {
  // The key is a hash already. Linear probing.
  size_t at = key.low & (slots_.size() - 1);
  while (slots_[at].used && !(slots_[at].key == key)) at = (at + 1) & (slots_.size() - 1);
  return at;
}

std::optional<uint32_t> RowIndex::find(RowKey key) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[place_of(key)];
  if (!slot.used) return std::nullopt;
  return slot.number;
}

void RowIndex::insert(RowKey key, uint32_t number) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = slots_[place_of(key)];
  if (slot.used) return;
  slot = {key, number, true};
  ++size_;
}

void RowIndex::grow() {
  std::vector<Slot> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.used) slots_[place_of(slot.key)] = slot;
  }
}

}  // namespace ingestr
