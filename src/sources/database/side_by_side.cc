#include "sources/database/side_by_side.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/either_stop.h"

namespace ingestr::database {
namespace {

// One thread at a time gets through.
class SharedSink final : public BatchSink {
 public:
  explicit SharedSink(BatchSink& rows) : rows_(rows) {}

  void push(Batch batch) override {
    const std::lock_guard lock(mutex_);
    rows_.push(std::move(batch));
  }

 private:
  BatchSink& rows_;
  std::mutex mutex_;
};

}  // namespace

void read_side_by_side(size_t parts, size_t threads, std::stop_token stop, BatchSink& rows, const ReadPart& read) {
  SharedSink sink(rows);
  std::stop_source failed;
  const EitherStop ended(std::move(stop), failed.get_token());
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  const auto work = [&] {
    std::optional<duck::Connection> connection;
    try {
      for (size_t part = next++; part < parts && !ended.token().stop_requested(); part = next++) {
        read(part, connection, ended.token(), sink);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
      failed.request_stop();
    }
  };
  {
    std::vector<std::jthread> running;
    for (size_t i = 0; i < threads; ++i) running.emplace_back(work);
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace ingestr::database
