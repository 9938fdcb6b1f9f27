#include "data/row_index.h"

namespace ingestr {

const RowIndex::Slot& RowIndex::slot_of(RowKey key) const {
  // The key is a hash already. Linear probing.
  size_t at = key.low & (slots_.size() - 1);
  while (slots_[at].used && !(slots_[at].key == key)) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

std::optional<uint32_t> RowIndex::find(RowKey key) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slot_of(key);
  if (!slot.used) return std::nullopt;
  return slot.number;
}

void RowIndex::insert(RowKey key, uint32_t number) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = const_cast<Slot&>(slot_of(key));
  if (slot.used) return;
  slot = {key, number, true};
  ++size_;
}

void RowIndex::grow() {
  std::vector<Slot> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.used) const_cast<Slot&>(slot_of(slot.key)) = slot;
  }
}

}  // namespace ingestr
