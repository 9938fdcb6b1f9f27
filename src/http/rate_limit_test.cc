#include "http/rate_limit.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_http.h"

namespace ingestr {
namespace {

using namespace std::chrono_literals;

// The most times that lie within one second of each other.
size_t most_in_a_second(std::vector<SteadyTime> times) {
  std::sort(times.begin(), times.end());
  size_t most = 0;
  for (size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= 1s) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(RateLimit, LetsABurstGoAtOnceThenWaits) {
  FakeClock clock;
  RateLimit limit(3, clock);
  const SteadyTime start = clock.steady();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.enter({}), start);
  EXPECT_EQ(limit.enter({}), start + 1100ms);
  EXPECT_EQ(limit.enter({}), start + 1100ms);
  clock.advance(10s);
  EXPECT_EQ(limit.enter({}), start + 11100ms);
}

TEST(RateLimit, KeepsToTheRateUnderLoad) {
  FakeClock clock;
  RateLimit limit(100, clock);
  const SteadyTime start = clock.steady();
  for (int i = 0; i < 1000; ++i) limit.enter({});
  EXPECT_EQ(clock.steady() - start, 9 * 1100ms);
}

TEST(RateLimit, TakesRatesBelowOne) {
  FakeClock clock;
  RateLimit limit(0.5, clock);
  const SteadyTime start = clock.steady();
  EXPECT_EQ(limit.enter({}), start);
  EXPECT_EQ(limit.enter({}), start + 2200ms);
}

// Requests arrive up to 50 ms after they left; some leave late because they connect first, and are
// under way meanwhile.
TEST(RateLimit, NeverSendsMoreInAnySecondWhateverThePattern) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&random](int64_t bound) {
      return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
    };
    const auto count = static_cast<size_t>(1 + below(20));
    FakeClock clock;
    RateLimit limit(static_cast<double>(count), clock);
    std::vector<SteadyTime> arrivals;
    const int64_t idle_share = below(100);
    for (int i = 0; i < 300; ++i) {
      if (below(100) < idle_share) clock.advance(std::chrono::microseconds(below(400'000)));
      const SteadyTime entered = limit.enter({});
      SteadyTime left = entered;
      if (below(5) == 0) {
        left += std::chrono::microseconds(below(900'000));
        clock.advance(left - entered);  // one that connects; nobody else asks meanwhile
        limit.sent(entered, left);
      }
      arrivals.push_back(left + std::chrono::microseconds(below(50'000)));
    }
    ASSERT_LE(most_in_a_second(arrivals), count) << "seed " << seed;
  }
}

TEST(RateLimit, CountsARequestWhenItReallyLeft) {
  FakeClock clock;
  RateLimit limit(2, clock);
  const SteadyTime start = clock.steady();
  const SteadyTime first = limit.enter({});
  limit.enter({});
  clock.advance(800ms);
  limit.sent(first, start + 600ms);
  EXPECT_EQ(limit.enter({}), start + 1100ms);  // the second one's place
  EXPECT_EQ(limit.enter({}), start + 1700ms);  // the first one's
}

TEST(RateLimit, CorrectionsIntoThePastChangeNothing) {
  FakeClock clock;
  RateLimit limit(1, clock);
  const SteadyTime entered = limit.enter({});
  limit.sent(entered, SteadyTime{});
  EXPECT_EQ(limit.enter({}), entered + 1100ms);
}

TEST(RateLimit, PausesEverybodyThoseWhoWaitIncluded) {
  FakeClock clock;
  RateLimit limit(1, clock);
  const SteadyTime start = clock.steady();
  limit.pause_until(start + 5s);
  limit.pause_until(start + 2s);
  EXPECT_EQ(limit.enter({}), start + 5s);
  // A pause that begins while somebody sleeps until 6.1 s.
  clock.on_sleep = [&](auto) { limit.pause_until(start + 9s); };
  EXPECT_EQ(limit.enter({}), start + 9s);
}

TEST(RateLimit, StopsWhenAsked) {
  FakeClock clock;
  RateLimit limit(1, clock);
  limit.enter({});
  std::stop_source stop;
  clock.on_sleep = [&](auto) { stop.request_stop(); };
  try {
    limit.enter(stop.get_token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
  EXPECT_THROW(limit.enter(stop.get_token()), Error);  // not even asleep
  // Those who gave up left the queue.
  clock.on_sleep = nullptr;
  limit.enter({});
}

TEST(RateLimit, ManyThreadsShareOneLimit) {
  FakeClock clock;
  RateLimit limit(10, clock);
  std::mutex mutex;
  std::vector<SteadyTime> times;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 25; ++k) {
          const SteadyTime time = limit.enter({});
          std::lock_guard lock(mutex);
          times.push_back(time);
        }
      });
    }
  }
  EXPECT_EQ(times.size(), 400);
  EXPECT_LE(most_in_a_second(times), 10);
}

// With the real clock: those who queue behind a sleeper are woken by the stop too.
TEST(RateLimit, StopWakesTheWholeQueue) {
  SystemClock clock;
  RateLimit limit(0.001, clock);
  limit.enter({});
  std::stop_source stop;
  std::atomic<int> cancelled = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        try {
          limit.enter(stop.get_token());
        } catch (const Error& error) {
          if (error.kind() == ErrorKind::cancelled) ++cancelled;
        }
      });
    }
    stop.request_stop();
  }
  EXPECT_EQ(cancelled, 4);
}

TEST(RateLimitedClient, BooksWhatTheTransportTells) {
  FakeClock clock;
  auto limit = std::make_shared<RateLimit>(1, clock);
  const SteadyTime start = clock.steady();
  FakeHttp server({[&] {
                     clock.advance(500ms);
                     HttpResponse response = answer(200, "{}");
                     response.sent_at = start + 300ms;
                     return response;
                   },
                   [&]() -> HttpResponse {
                     clock.advance(400ms);
                     throw Error(ErrorKind::unavailable, "reset");
                   },
                   [] { return answer(200, "{}"); }});
  RateLimitedClient client(server.client(), limit, clock, {});
  client.send({});
  EXPECT_THROW(client.send({}), Error);  // let go at 1,400 ms, failed at 1,800 ms
  EXPECT_EQ(clock.steady(), start + 1800ms);
  client.send({});
  EXPECT_EQ(clock.steady(), start + 2900ms);
}

TEST(RateLimitedClient, LetsNobodyGoWhoseAnswerIsNotWanted) {
  FakeClock clock;
  FakeHttp server({[] { return answer(200, "{}"); }, [] { return answer(200, "{}"); }});
  RateLimitedClient client(server.client(), std::make_shared<RateLimit>(1, clock), clock, {});
  client.send({});
  std::stop_source unwanted;
  clock.on_sleep = [&](auto) { unwanted.request_stop(); };
  EXPECT_THROW(client.send({.unwanted = unwanted.get_token()}), Error);
  EXPECT_EQ(server.requests().size(), 1);
  clock.on_sleep = {};
  client.send({});
  EXPECT_EQ(server.requests().size(), 2);
}

}  // namespace
}  // namespace ingestr
