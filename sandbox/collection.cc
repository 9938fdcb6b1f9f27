#include "collection.h"

#include <algorithm>
#include <numeric>

#include "random.h"

namespace sandbox {
namespace {

constexpr uint64_t kInsertedBit = 1ULL << 63;
constexpr int kLowBits =
    16;  // below the 48 bits that carry the order; make_uuid puts the version there

}  // namespace

Collection::Collection(uint64_t seed, uint64_t count)
    : seed_(seed), count_(count), step_((1ULL << 48) / std::max<uint64_t>(count, 1)) {}

Uuid Collection::original(uint64_t index) const {
  const uint64_t hash = mix(seed_ ^ mix(index));
  // Half a step of jitter leaves a gap between any two neighbours, so a row can be inserted
  // anywhere.
  const uint64_t place = index * step_ + hash % std::max<uint64_t>(step_ / 2, 1);
  return make_uuid(place << kLowBits | (hash >> 48), mix(hash));
}

Row Collection::at(uint64_t position) const {
  const uint64_t key = changed_ ? order_[position] : position;
  return {key, key & kInsertedBit ? inserted_[key & ~kInsertedBit] : original(key)};
}

uint64_t Collection::size_locked() const {
  return changed_ ? order_.size() : count_;
}

uint64_t Collection::size() const {
  const std::shared_lock lock(mutex_);
  return size_locked();
}

std::vector<Row> Collection::page(uint64_t offset, uint64_t limit) {
  const std::unique_lock lock(mutex_);
  return page_locked(offset, limit);
}

std::vector<Row> Collection::page_locked(uint64_t offset, uint64_t limit) {
  const uint64_t size = size_locked();
  const uint64_t begin = std::min(offset, size), end = begin + std::min(limit, size - begin);
  std::vector<Row> rows;
  rows.reserve(end - begin);
  for (uint64_t i = begin; i < end; ++i) rows.push_back(at(i));
  served_end_ = std::max(served_end_, end);
  return rows;
}

// The first position whose place is not below `wanted`.
uint64_t Collection::position_of(uint64_t wanted) const {
  uint64_t low = 0, high = size_locked();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    place(at(middle).id) < wanted ? low = middle + 1 : high = middle;
  }
  return low;
}

Collection::Slice Collection::after(std::optional<uint64_t> behind, uint64_t limit) {
  const std::unique_lock lock(mutex_);
  Slice slice;
  slice.begin = behind ? position_of(*behind + 1) : 0;
  slice.rows = page_locked(slice.begin, limit);
  slice.more = slice.begin + slice.rows.size() < size_locked();
  return slice;
}

std::optional<Collection::Found> Collection::find_place(uint64_t wanted) const {
  const std::shared_lock lock(mutex_);
  const uint64_t position = position_of(wanted);
  if (position == size_locked() || place(at(position).id) != wanted) return std::nullopt;
  return Found{at(position), position};
}

std::optional<Collection::Found> Collection::find(const Uuid& id) const {
  const auto found = find_place(place(id));
  return found && found->row.id == id ? found : std::nullopt;
}

std::vector<Row> Collection::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<Row> rows;
  rows.reserve(size_locked());
  for (uint64_t i = 0; i < size_locked(); ++i) rows.push_back(at(i));
  return rows;
}

void Collection::materialize() {
  if (changed_) return;
  order_.resize(count_);
  std::iota(order_.begin(), order_.end(), 0);
  changed_ = true;
}

uint64_t Collection::draw_position() {
  return served_end_ == 0
             ? 0
             : Random(mix(seed_ + 1) + changes_).below(std::min(served_end_, size_locked() + 1));
}

Row Collection::insert_in_served() {
  const std::unique_lock lock(mutex_);
  return insert_locked(draw_position());
}

std::optional<Row> Collection::erase_in_served() {
  const std::unique_lock lock(mutex_);
  return erase_locked(draw_position());
}

Row Collection::insert_at(uint64_t position) {
  const std::unique_lock lock(mutex_);
  return insert_locked(position);
}

std::optional<Row> Collection::erase_at(uint64_t position) {
  const std::unique_lock lock(mutex_);
  return erase_locked(position);
}

Row Collection::insert_locked(uint64_t position) {
  materialize();
  const uint64_t size = order_.size();
  position = std::min(position, size);
  uint64_t low = 0, high = 0;
  // After many inserts at one place the ids there are used up: then the next gap to the right is
  // taken, around the end.
  for (uint64_t tries = 0; tries <= size; ++tries, position = (position + 1) % (size + 1)) {
    low = position == 0 ? 0 : place(at(position - 1).id);
    high = position == size ? 1ULL << 48 : place(at(position).id);
    if (high - low > 1) break;
  }
  const uint64_t hash = mix(seed_ ^ mix(kInsertedBit + changes_));
  const uint64_t place = low + 1 + hash % (high - low - 1);
  inserted_.push_back(make_uuid(place << kLowBits | (hash >> 48), mix(hash)));
  order_.insert(order_.begin() + static_cast<ptrdiff_t>(position),
                kInsertedBit | (inserted_.size() - 1));
  ++changes_;
  return at(position);
}

std::optional<Row> Collection::erase_locked(uint64_t position) {
  materialize();
  if (order_.empty()) return std::nullopt;
  position = std::min<uint64_t>(position, order_.size() - 1);
  const Row row = at(position);
  order_.erase(order_.begin() + static_cast<ptrdiff_t>(position));
  ++changes_;
  return row;
}

void Collection::restore() {
  const std::unique_lock lock(mutex_);
  changed_ = false;
  order_.clear();
  inserted_.clear();
  served_end_ = 0;
  changes_ = 0;
}

std::optional<Uuid> Collection::original_id(uint64_t draw) const {
  if (count_ == 0) return std::nullopt;
  return original(draw % count_);
}

}  // namespace sandbox
