#include "http/rate_limit.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
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

// Enters, and is answered at once; when that was.
SteadyTime pass(RateLimit& limit, const FakeClock& clock) {
  limit.enter({});
  const SteadyTime time = clock.steady();
  limit.answered(time);
  return time;
}

TEST(RateLimit, LetsABurstGoAtOnceThenWaits) {
  FakeClock clock;
  RateLimit limit(3, clock);
  const SteadyTime start = clock.steady();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pass(limit, clock), start);
  EXPECT_EQ(pass(limit, clock), start + 1010ms);
  EXPECT_EQ(pass(limit, clock), start + 1010ms);
  clock.advance(10s);
  EXPECT_EQ(pass(limit, clock), start + 11010ms);
}

TEST(RateLimit, KeepsToTheRateUnderLoad) {
  FakeClock clock;
  RateLimit limit(100, clock);
  const SteadyTime start = clock.steady();
  for (int i = 0; i < 1000; ++i) pass(limit, clock);
  EXPECT_EQ(clock.steady() - start, 9 * 1010ms);
}

TEST(RateLimit, TakesRatesBelowOne) {
  FakeClock clock;
  RateLimit limit(0.5, clock);
  const SteadyTime start = clock.steady();
  EXPECT_EQ(pass(limit, clock), start);
  EXPECT_EQ(pass(limit, clock), start + 2020ms);
}

TEST(RateLimit, APlaceIsFreeASecondAfterItsAnswer) {
  FakeClock clock;
  RateLimit limit(2, clock);
  const SteadyTime start = clock.steady();
  limit.enter({});
  limit.enter({});
  clock.advance(800ms);
  limit.answered(start + 300ms);  // its body took until now
  limit.answered(start + 800ms);
  limit.enter({});
  EXPECT_EQ(clock.steady(), start + 1310ms);
  limit.enter({});
  EXPECT_EQ(clock.steady(), start + 1810ms);
}

// Requests take any time to arrive, connecting included, and any time to be answered.
TEST(RateLimit, NeverMoreArriveInAnySecondWhateverSlowsThemDown) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&random](int64_t bound) {
      return std::chrono::microseconds(random() % static_cast<uint64_t>(bound));
    };
    const size_t count = 1 + random() % 20;
    FakeClock clock;
    RateLimit limit(static_cast<double>(count), clock);
    std::vector<SteadyTime> arrivals;
    std::multiset<SteadyTime> answers;  // to come
    const auto answer = [&] {
      limit.answered(*answers.begin());
      answers.erase(answers.begin());
    };
    const auto idle_share = random() % 100;
    for (int i = 0; i < 300; ++i) {
      if (random() % 100 < idle_share) clock.advance(below(400'000));
      if (answers.size() == count) clock.advance(std::max<SteadyTime::duration>(*answers.begin() - clock.steady(), 0s));
      while (!answers.empty() && *answers.begin() <= clock.steady()) answer();
      limit.enter({});
      arrivals.push_back(clock.steady() + below(900'000));
      answers.insert(arrivals.back() + below(300'000));
    }
    ASSERT_LE(most_in_a_second(arrivals), count) << "seed " << seed;
  }
}

// With the real clock: all places are held, and one is given back meanwhile.
TEST(RateLimit, WaitsForAnAnswer) {
  SystemClock clock;
  RateLimit limit(1, clock);
  limit.enter({});
  std::jthread other([&] { limit.enter({}); });
  limit.answered(clock.steady() - 10s);
}

TEST(RateLimit, PausesEverybodyThoseWhoWaitIncluded) {
  FakeClock clock;
  RateLimit limit(1, clock);
  const SteadyTime start = clock.steady();
  limit.pause_until(start + 5s);
  limit.pause_until(start + 2s);
  EXPECT_EQ(pass(limit, clock), start + 5s);
  // A pause that begins while somebody sleeps until 6.01 s.
  clock.on_sleep = [&](auto) { limit.pause_until(start + 9s); };
  EXPECT_EQ(pass(limit, clock), start + 9s);
}

TEST(RateLimit, StopsWhenAsked) {
  FakeClock clock;
  RateLimit limit(1, clock);
  pass(limit, clock);
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
          const SteadyTime time = pass(limit, clock);
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
                     response.answered_at = start + 300ms;
                     return response;
                   },
                   [&]() -> HttpResponse {
                     clock.advance(400ms);
                     throw Error(ErrorKind::unavailable, "reset");
                   },
                   [] { return answer(200, "{}"); }});
  RateLimitedClient client(server.client(), limit, clock, {});
  client.send({});
  EXPECT_THROW(client.send({}), Error);  // let go at 1,310 ms, failed at 1,710 ms
  EXPECT_EQ(clock.steady(), start + 1710ms);
  client.send({});
  EXPECT_EQ(clock.steady(), start + 2720ms);
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
