#include "engine/reading.h"

namespace ingestr {
namespace {

// Enough that neither side waits for the other's every breath, little enough not to count in peak memory.
constexpr uint64_t kQueueBytes = 8'000'000;

}  // namespace

Reading::Reading(Table& table, const ReadRequest& request)
    : queue_(kQueueBytes), reader_([this, &table, request] {
        try {
          table.read(request, queue_);
          queue_.finish();
        } catch (...) {
          queue_.finish(std::current_exception());
        }
      }) {}

Reading::~Reading() {
  queue_.abandon();
}

}  // namespace ingestr
