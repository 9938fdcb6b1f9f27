#include "data/queue.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"
#include "data/batch_builder.h"

namespace ingestr {
namespace {

// A batch of one cell of `bytes` bytes.
Batch batch_of(size_t bytes) {
  BatchBuilder builder(Schema{{{"a", TypeId::varchar}}});
  builder.set_text(0, std::string(bytes, 'x'));
  builder.end_row();
  return builder.take();
}

TEST(BatchQueue, HandsOnInOrderAndEnds) {
  BatchQueue queue(1 << 20);
  queue.push(batch_of(1));
  queue.push(batch_of(2));
  queue.finish();
  EXPECT_EQ(queue.next()->bytes(), 5U);
  EXPECT_EQ(queue.next()->bytes(), 6U);
  EXPECT_FALSE(queue.next());
}

TEST(BatchQueue, ABatchLargerThanTheCapacityPasses) {
  BatchQueue queue(10);
  queue.push(batch_of(1000));
  queue.finish();
  EXPECT_TRUE(queue.next());
}

TEST(BatchQueue, PushWaitsUntilThereIsRoom) {
  BatchQueue queue(150);
  queue.push(batch_of(100));
  std::atomic<bool> pushed{false};
  std::jthread writer([&] {
    queue.push(batch_of(100));
    pushed = true;
    queue.finish();
  });
  EXPECT_FALSE(pushed);  // it cannot have room before the first is taken
  EXPECT_TRUE(queue.next());
  EXPECT_TRUE(queue.next());
  EXPECT_FALSE(queue.next());
  EXPECT_TRUE(pushed);
}

TEST(BatchQueue, TheReaderGetsTheWritersFailureAtOnce) {
  BatchQueue queue(1 << 20);
  queue.push(batch_of(1));
  queue.finish(std::make_exception_ptr(Error(ErrorKind::unavailable, "gone")));
  EXPECT_THROW(queue.next(), Error);
}

TEST(BatchQueue, AnAbandonedQueueStopsItsWriter) {
  BatchQueue queue(10);
  queue.push(batch_of(100));
  std::exception_ptr seen;
  std::jthread writer([&] {
    try {
      queue.push(batch_of(100));
    } catch (...) {
      seen = std::current_exception();
    }
  });
  queue.abandon();
  writer.join();
  ASSERT_TRUE(seen);
  EXPECT_THROW(std::rethrow_exception(seen), Error);
}

}  // namespace
}  // namespace ingestr
