// A bounded queue of batches between one reading and one writing thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>

#include "data/stream.h"

namespace ingestr {

// Bounded by bytes, so that wide rows do not take more memory than narrow ones: push() waits while more than
// `capacity_bytes` wait already. A single batch of any size passes.
class BatchQueue final : public BatchSink, public BatchStream {
 public:
  explicit BatchQueue(uint64_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}

  // Writer's side. After finish() the reader gets the waiting batches and then the end, or `failure` if there is one.
  void push(Batch batch) override;
  void finish(std::exception_ptr failure = nullptr);

  // Reader's side. After abandon() every push throws Error(cancelled) and waiting batches are dropped.
  std::optional<Batch> next() override;
  void abandon();

 private:
  const uint64_t capacity_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> batches_;
  uint64_t bytes_ = 0;
  bool finished_ = false;
  bool abandoned_ = false;
  std::exception_ptr failure_;
};

}  // namespace ingestr
