#include "base/interrupt.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "base/error.h"

namespace ingestr {
namespace {

TEST(ThrowIfStopped, ThrowsOnceTheStopIsRequested) {
  std::stop_source stop;
  EXPECT_NO_THROW(throw_if_stopped(stop.get_token()));
  EXPECT_NO_THROW(throw_if_stopped({}));
  stop.request_stop();
  try {
    throw_if_stopped(stop.get_token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
}

TEST(Interrupt, WakesOnce) {
  std::stop_source stop;
  int woken = 0;
  Interrupt interrupt(stop.get_token(), [&] { ++woken; });
  EXPECT_FALSE(interrupt.settle());
  stop.request_stop();
  EXPECT_TRUE(interrupt.settle());
  EXPECT_TRUE(interrupt.settle());
  EXPECT_EQ(woken, 1);
}

TEST(Interrupt, SettlesWhenTheWakingThatRunsHasEnded) {
  std::stop_source stop;
  std::promise<void> begun;
  std::atomic<bool> ended = false;
  Interrupt interrupt(stop.get_token(), [&] {
    begun.set_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ended = true;
  });
  const std::jthread stopping([&] { stop.request_stop(); });
  begun.get_future().wait();
  EXPECT_TRUE(interrupt.settle());
  EXPECT_TRUE(ended);
}

// The later one is woken first, and the first one would be while it cleans up.
TEST(Interrupt, DoesNotWakeAnyMoreOnceItSettled) {
  std::stop_source stop;
  std::promise<void> begun, cleaned;
  std::atomic<bool> woken = false;
  Interrupt first(stop.get_token(), [&] { woken = true; });
  const Interrupt later(stop.get_token(), [&] {
    begun.set_value();
    cleaned.get_future().wait();
  });
  const std::jthread stopping([&] { stop.request_stop(); });
  begun.get_future().wait();
  EXPECT_TRUE(first.settle());
  cleaned.set_value();
  EXPECT_FALSE(woken);
}

TEST(Interrupt, WakesNothingInAPauseNorAfterIt) {
  std::stop_source stop;
  int woken = 0;
  Interrupt interrupt(stop.get_token(), [&] { ++woken; });
  {
    const Interrupt::Pause pause(interrupt);
    stop.request_stop();
  }
  EXPECT_TRUE(interrupt.settle());
  EXPECT_EQ(woken, 0);
}

TEST(Interrupt, WakesAgainAfterAPauseWithoutAStop) {
  std::stop_source stop;
  int woken = 0;
  const auto interrupt = std::make_unique<Interrupt>(stop.get_token(), [&] { ++woken; });
  { const Interrupt::Pause pause(*interrupt); }
  stop.request_stop();
  EXPECT_EQ(woken, 1);
}

TEST(Interrupt, NeedsNoStop) {
  Interrupt interrupt({}, [] { FAIL(); });
  { const Interrupt::Pause pause(interrupt); }
  EXPECT_FALSE(interrupt.settle());
}

TEST(DespiteStop, DoesOnceMoreWhatWasCutOff) {
  int times = 0;
  despite_stop([&] {
    if (++times == 1) throw interrupted();
  });
  EXPECT_EQ(times, 2);
  despite_stop([&] { ++times; });
  EXPECT_EQ(times, 3);
  EXPECT_THROW(despite_stop([&] {
                 ++times;
                 throw Error(ErrorKind::conflict, "in use");
               }),
               Error);
  EXPECT_EQ(times, 4);
}

}  // namespace
}  // namespace ingestr
