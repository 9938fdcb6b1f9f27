#include "resources.h"

namespace sandbox {
namespace {

constexpr double kPlaces = 281474976710656.0;   // 2^48

// Few of many, and now and then more than one page.
uint64_t count_of(Resource resource, Random random) {
  const uint64_t draw = random.below(1000);
  switch (resource) {
    case Resource::thread:
      return draw < 10 ? 12 + random.below(60) : draw < 120 ? 1 + random.below(2) : 0;
    case Resource::comment:
      return draw < 30 ? 90 + random.below(300) : 1 + random.below(4);
    case Resource::file:
      return draw < 5 ? 205 + random.below(20) : draw < 100 ? 1 + random.below(3) : 0;
    case Resource::view:
      return 1 + random.below(3);
    case Resource::recording:
      return draw < 20 ? 55 : draw < 400 ? 1 + random.below(2) : 0;
    case Resource::segment:
      return draw < 150 ? 101 + random.below(200) : 1 + random.below(12);
    default:
      return 0;
  }
}

}  // namespace

Resources::Resources(const DataOptions& options) : seed_(options.seed) {
  const std::pair<Resource, uint64_t> counts[] = {{Resource::member, options.members - 2},
                                                  {Resource::note, options.notes},
                                                  {Resource::task, options.tasks},
                                                  {Resource::webhook, options.webhooks},
                                                  {Resource::meeting, options.meetings}};
  for (const auto& [resource, count] : counts)
    kept_[{resource, {}}] = std::make_shared<Collection>(seed_of(resource, {}), count);
}

Collection& Resources::of_workspace(Resource resource) {
  const std::lock_guard lock(mutex_);
  return *kept_.at({resource, {}});
}

std::shared_ptr<Collection> Resources::of(Resource resource, const Uuid& parent, bool keep) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find({resource, parent});
  if (found != kept_.end()) return found->second;
  const uint64_t seed = seed_of(resource, parent), count = count_of(resource, Random(~seed));
  auto made = std::make_shared<Collection>(seed, count);
  if (keep || count > 3) kept_[{resource, parent}] = made;
  return made;
}

void Resources::restore() {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, rows] : kept_) rows->restore();
}

uint64_t Resources::seed_of(Resource resource, const Uuid& parent) const {
  return mix(mix(seed_ + static_cast<uint64_t>(resource)) ^ mix(parent.high) ^ parent.low);
}

Random Resources::content(Resource resource, const Uuid& parent, const Row& row) const {
  return Random(mix(~seed_of(resource, parent) ^ mix(row.key)));
}

Milliseconds time_of(const Row& row, int days) {
  const double share = static_cast<double>(Collection::place(row.id)) / kPlaces;
  return kWorkspaceStart + static_cast<Milliseconds>(share * days * static_cast<double>(kDay));
}

Uuid child_id(const Uuid& parent, const Row& row) {
  return {parent.high, 2ULL << 62 | Collection::place(row.id) << 14 | (row.id.low & 0x3fff)};
}

}  // namespace sandbox
