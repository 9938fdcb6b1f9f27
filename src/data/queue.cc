#include "data/queue.h"

#include "base/error.h"

namespace ingestr {

void BatchQueue::push(Batch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return abandoned_ || batches_.empty() || bytes_ + batch.bytes() <= capacity_bytes_; });
  if (abandoned_) throw Error(ErrorKind::cancelled, "nobody reads these rows any more");
  bytes_ += batch.bytes();
  batches_.push_back(std::move(batch));
  changed_.notify_all();
}

void BatchQueue::finish(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  failure_ = std::move(failure);
  changed_.notify_all();
}

std::optional<Batch> BatchQueue::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return finished_ || !batches_.empty(); });
  // A failure is not worth the wait for rows that will be thrown away.
  if (failure_) std::rethrow_exception(failure_);
  if (batches_.empty()) return std::nullopt;
  Batch batch = std::move(batches_.front());
  batches_.pop_front();
  bytes_ -= batch.bytes();
  changed_.notify_all();
  return batch;
}

void BatchQueue::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  batches_.clear();
  bytes_ = 0;
  changed_.notify_all();
}

}  // namespace ingestr
