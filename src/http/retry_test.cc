#include "http/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "http/status.h"
#include "support/fake_clock.h"
#include "support/fake_http.h"
#include "support/fake_log.h"

namespace ingestr {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

std::optional<Error> judge(const HttpRequest& request, const HttpResponse& response) {
  if (response.status < 400) return std::nullopt;
  return error_of_status(request, response);
}

HttpResponse unreachable() {
  throw Error(ErrorKind::unavailable, "cannot connect to host:443 (Connection refused)");
}

class Retry : public ::testing::Test {
 protected:
  RetryClient client(FakeHttp& server, int attempts = 6, uint64_t seed = 1) {
    RetryOptions options;
    options.attempts = attempts;
    options.judge = judge;
    options.on_rate_limited = [this](SteadyTime until) {
      pauses_.push_back(until - clock_.steady());
    };
    options.seed = seed;
    return RetryClient(server.client(), options, services_);
  }

  std::string failure(RetryClient& client, ErrorKind kind) {
    try {
      client.send(request_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind);
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  // Waits in seconds, to one digit, as the log has them.
  std::vector<double> waits() const {
    std::vector<double> result;
    for (const auto wait : clock_.sleeps())
      result.push_back(std::chrono::duration<double>(wait).count());
    return result;
  }

  FakeClock clock_;
  MapEnvironment environment_;
  FakeLog log_;
  Counters counters_;
  std::stop_source stop_;
  HttpServices services_{clock_, environment_, log_, counters_, stop_.get_token()};
  HttpRequest request_{.method = "POST", .url = "/records/query?key=secret", .body = "{}"};
  std::vector<SteadyTime::duration> pauses_;
};

TEST_F(Retry, GoodAnswersPassAtOnce) {
  FakeHttp server({[] { return answer(200, "{}"); }});
  auto retry = client(server);
  EXPECT_EQ(retry.send(request_).body, "{}");
  EXPECT_EQ(server.requests().size(), 1);
  EXPECT_TRUE(waits().empty());
  EXPECT_EQ(counters_.retries, 0);
}

TEST_F(Retry, TriesAgainUntilItWorks) {
  FakeHttp server({[] { return answer(500, ""); }, unreachable, [] { return answer(429, ""); },
                   [] { return answer(200, "[]"); }});
  auto retry = client(server);
  EXPECT_EQ(retry.send(request_).body, "[]");
  EXPECT_EQ(server.requests().size(), 4);
  EXPECT_EQ(counters_.retries, 3);
  EXPECT_EQ(counters_.rate_limits, 1);
  EXPECT_EQ(waits().size(), 3);
}

TEST_F(Retry, WaitsTwiceAsLongEachTime) {
  FakeHttp server({unreachable});
  auto retry = client(server);
  failure(retry, ErrorKind::unavailable);
  ASSERT_EQ(waits().size(), 5);
  double least = 1;
  for (const double wait : waits()) {
    EXPECT_GE(wait, least);
    EXPECT_LE(wait, least * 1.5);
    least *= 2;
  }
}

TEST_F(Retry, JitterIsDifferentForEachSeedAndTheSameForOne) {
  const auto first_wait = [this](uint64_t seed) {
    FakeHttp server({unreachable});
    auto retry = client(server, 2, seed);
    failure(retry, ErrorKind::unavailable);
    return clock_.sleeps().back();
  };
  EXPECT_EQ(first_wait(7), first_wait(7));
  EXPECT_NE(first_wait(7), first_wait(8));
}

TEST_F(Retry, GivesUpWithTheWholeStory) {
  FakeHttp server({unreachable, [] { return answer(500, R"({"message":"oops"})"); }});
  auto retry = client(server);
  EXPECT_EQ(failure(retry, ErrorKind::unavailable),
            "POST /records/query failed 6 times, the last time: answered with status 500: "
            R"({"message":"oops"}; try again later)");
  EXPECT_EQ(server.requests().size(), 6);
  EXPECT_EQ(counters_.retries, 5);

  FakeHttp limited({[] { return answer(429, ""); }});
  auto again = client(limited, 2);
  EXPECT_EQ(failure(again, ErrorKind::rate_limited),
            "POST /records/query failed 2 times, the last time: answered with status 429; try "
            "again later");
}

TEST_F(Retry, OtherErrorsAreFinal) {
  for (const int status : {400, 401, 403, 404, 409, 422}) {
    FakeHttp server({[status] { return answer(status, "no"); }});
    auto retry = client(server);
    EXPECT_EQ(failure(retry, error_of_status(request_, answer(status, "")).kind()),
              "POST /records/query answered with status " + std::to_string(status) + ": no");
    EXPECT_EQ(server.requests().size(), 1);
  }
}

TEST_F(Retry, WhatMustNotBeSentTwiceIsNot) {
  request_.repeatable = false;
  FakeHttp server({[] { return answer(503, ""); }});
  auto retry = client(server);
  EXPECT_EQ(failure(retry, ErrorKind::unavailable), "POST /records/query answered with status 503");
  EXPECT_EQ(server.requests().size(), 1);
}

TEST_F(Retry, OneAttemptSaysWhatHappenedOnly) {
  FakeHttp server({unreachable});
  auto retry = client(server, 1);
  EXPECT_EQ(failure(retry, ErrorKind::unavailable),
            "cannot connect to host:443 (Connection refused)");
}

TEST_F(Retry, LogsEachWaitWithoutSecrets) {
  FakeHttp server({unreachable, [] { return answer(429, "", {{"retry-after", "7"}}); },
                   [] { return answer(503, "<html>"); }, [] { return answer(200, "{}"); }});
  auto retry = client(server);
  retry.send(request_);
  EXPECT_THAT(
      log_.lines(LogLevel::warning),
      ElementsAre(
          testing::MatchesRegex(
              R"(POST /records/query: cannot connect to host:443 \(Connection refused\); )"
              R"(trying again in 1\.[0-5] s \(attempt 2 of 6\))"),
          testing::MatchesRegex(R"(POST /records/query: answered with status 503 and a web page; )"
                                R"(trying again in [456]\.[0-9] s \(attempt 4 of 6\))")));
  EXPECT_THAT(log_.lines(LogLevel::info), ElementsAre(testing::MatchesRegex(
                                              R"(POST /records/query: answered with status 429; )"
                                              R"(trying again in 7\.[0-3] s \(attempt 3 of 6\))")));
}

TEST_F(Retry, ObeysRetryAfter) {
  struct Case {
    HttpHeaders headers;
    double least;
    double most;
  };
  const std::string date = "Tue, 24 Nov 2026 08:00:00 GMT";  // what the fake clock shows
  for (const auto& [headers, least, most] : {
           Case{{{"retry-after", "5"}}, 5, 5.25},
           Case{{{"retry-after", "0"}}, 1, 1.5},
           Case{{{"retry-after", "60"}}, 60, 60},
           Case{{{"retry-after", "3600"}}, 60, 60},
           Case{{{"retry-after", "99999999999999999999"}}, 60, 60},
           Case{{{"retry-after", "Tue, 24 Nov 2026 08:00:09 GMT"}}, 9, 9.25},
           Case{{{"retry-after", "Tue, 24 Nov 2026 07:59:00 GMT"}}, 1, 1.5},
           Case{{{"retry-after", "Tue, 24 Nov 2026 09:00:00 GMT"}}, 60, 60},
           // A server whose clock is a day off.
           Case{{{"date", "Wed, 25 Nov 2026 08:00:00 GMT"},
                 {"retry-after", "Wed, 25 Nov 2026 08:00:04 GMT"}},
                4,
                4.25},
           Case{{{"date", "Mon, 23 Nov 2026 08:00:00 GMT"},
                 {"retry-after", "Mon, 23 Nov 2026 08:00:04 GMT"}},
                4,
                4.25},
           Case{{{"date", date}, {"retry-after", date}}, 1, 1.5},
           Case{{{"date", "yesterday"}, {"retry-after", "Tue, 24 Nov 2026 08:00:09 GMT"}}, 9, 9.25},
           // Not understood: our own schedule.
           Case{{{"retry-after", "soon"}}, 1, 1.5},
           Case{{{"retry-after", "-5"}}, 1, 1.5},
           Case{{{"retry-after", ""}}, 1, 1.5},
       }) {
    for (const int status : {429, 503, 500}) {
      FakeClock clock;
      const HttpServices services{clock, environment_, log_, counters_, {}};
      FakeHttp server({[&, h = headers, status] { return answer(status, "", h); },
                       [] { return answer(200, ""); }});
      RetryOptions options;
      options.judge = judge;
      options.seed = static_cast<uint64_t>(status);
      RetryClient(server.client(), options, services).send(request_);
      const double wait = std::chrono::duration<double>(clock.sleeps().at(0)).count();
      EXPECT_GE(wait, least) << headers.back().second;
      EXPECT_LE(wait, most) << headers.back().second;
    }
  }
}

TEST_F(Retry, PausesOthersForAsLongAsTheServerSaysAndItselfLongerIfRefusedAgain) {
  FakeHttp server({[] { return answer(429, "", {{"retry-after", "1"}}); }});
  auto retry = client(server);
  failure(retry, ErrorKind::rate_limited);
  ASSERT_EQ(pauses_.size(), 6);
  for (const auto pause : pauses_) {
    EXPECT_GE(pause, 1s);
    EXPECT_LE(pause, 1250ms);
  }
  EXPECT_GE(waits().back(), 16);
  EXPECT_EQ(counters_.rate_limits, 6);
}

TEST_F(Retry, StopsWaitingWhenAsked) {
  clock_.on_sleep = [this](auto) { stop_.request_stop(); };
  FakeHttp server({unreachable});
  auto retry = client(server);
  failure(retry, ErrorKind::cancelled);
  EXPECT_EQ(server.requests().size(), 1);
  EXPECT_EQ(counters_.retries, 0);
}

TEST_F(Retry, StopsWaitingWhenNobodyWantsTheAnswer) {
  std::stop_source unwanted;
  request_.unwanted = unwanted.get_token();
  clock_.on_sleep = [&](auto) { unwanted.request_stop(); };
  FakeHttp server({unreachable});
  auto retry = client(server);
  failure(retry, ErrorKind::cancelled);
  EXPECT_EQ(server.requests().size(), 1);
}

TEST(Backoff, StaysBetweenItsBounds) {
  EXPECT_EQ(backoff(1, 0), 1s);
  EXPECT_EQ(backoff(1, 1), 1500ms);
  EXPECT_EQ(backoff(2, 0), 2s);
  EXPECT_EQ(backoff(5, 0.5), 20s);
  EXPECT_EQ(backoff(6, 1), 48s);
  EXPECT_EQ(backoff(7, 0), 60s);
  EXPECT_EQ(backoff(1000, 1), 60s);
}

}  // namespace
}  // namespace ingestr
