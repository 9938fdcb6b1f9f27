#include "base/worker_pool.h"

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(WorkerPool, HandsBackResultsAndFailures) {
  WorkerPool pool(2);
  auto seven = pool.run([] { return 7; });
  auto failure = pool.run([]() -> int { throw std::runtime_error("no"); });
  EXPECT_EQ(seven.get(), 7);
  EXPECT_THROW(failure.get(), std::runtime_error);
}

TEST(WorkerPool, RunsAsManyAtOnceAsItMay) {
  WorkerPool pool(3);
  std::latch all(3);  // passes only when three tasks run at the same time
  std::vector<std::future<void>> done;
  for (int i = 0; i < 3; ++i) done.push_back(pool.run([&] { all.arrive_and_wait(); }));
  for (auto& future : done) future.get();
}

TEST(WorkerPool, TheDestructorDropsWhatHasNotBegun) {
  std::future<int> never;
  std::promise<void> begun;
  std::promise<void> go;
  std::jthread opener;
  {
    WorkerPool pool(1);
    auto first = pool.run([&] {
      begun.set_value();
      go.get_future().wait();
    });
    begun.get_future().wait();
    never = pool.run([] { return 1; });
    opener = std::jthread([&] { go.set_value(); });
  }
  // Either it was dropped, or the only thread took it before the destructor came; it never hangs.
  EXPECT_EQ(never.wait_for(std::chrono::seconds(0)), std::future_status::ready);
}

}  // namespace
}  // namespace ingestr
