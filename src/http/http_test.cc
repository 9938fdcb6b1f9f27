#include "http/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/fake_http.h"
#include "support/fake_log.h"

namespace ingestr {
namespace {

using namespace std::chrono_literals;

class Http : public ::testing::Test {
 protected:
  std::unique_ptr<HttpClient> client(FakeHttp& server) {
    return make_http_client(server.client(), options_, services_);
  }

  Error failure(FakeHttp& server, const HttpRequest& request) {
    try {
      client(server)->send(request);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return Error(ErrorKind::internal, "");
  }

  FakeClock clock_;
  MapEnvironment environment_;
  FakeLog log_;
  Counters counters_;
  std::stop_source stop_;
  HttpServices services_{clock_, environment_, log_, counters_, stop_.get_token()};
  HttpOptions options_{.base_url = "https://api.test/v2",
                       .headers = {{"Authorization", "Bearer key"}}};
};

TEST_F(Http, CompletesRequests) {
  FakeHttp server({[] { return answer(200, "{}"); }});
  const auto http = client(server);
  http->send({.url = "/objects?limit=1"});
  http->send({.method = "POST",
              .url = "https://api.test/v2/query",
              .headers = {{"authorization", "mine"}},
              .body = "{}"});
  http->send({.url = "https://api.test.evil/v2"});
  http->send({.url = "https://api.test/v20"});

  const auto requests = server.requests();
  EXPECT_EQ(requests[0].url, "https://api.test/v2/objects?limit=1");
  EXPECT_EQ(find_header(requests[0].headers, "Authorization"), "Bearer key");
  EXPECT_EQ(find_header(requests[0].headers, "Accept"), "application/json");
  EXPECT_EQ(find_header(requests[0].headers, "Content-Type"), std::nullopt);
  EXPECT_EQ(requests[1].url, "https://api.test/v2/query");
  EXPECT_EQ(find_header(requests[1].headers, "Authorization"), "mine");
  EXPECT_EQ(find_header(requests[1].headers, "Content-Type"), "application/json");
  EXPECT_EQ(find_header(requests[2].headers, "Authorization"), std::nullopt);
  EXPECT_EQ(find_header(requests[3].headers, "Authorization"), std::nullopt);
}

TEST_F(Http, ForgivesASlashAtTheEndOfTheBase) {
  options_.base_url = "http://localhost:8080/v2//";
  FakeHttp server({[] { return answer(200, "{}"); }});
  client(server)->send({.url = "/objects"});
  EXPECT_EQ(server.requests()[0].url, "http://localhost:8080/v2/objects");
}

TEST_F(Http, AnAcceptedStatusIsAnAnswer) {
  FakeHttp server({[] { return answer(404, "{}"); }, [] { return answer(404, "{}"); }});
  EXPECT_EQ(client(server)->send({.url = "/a", .accepted = {404}}).status, 404);
  EXPECT_EQ(failure(server, {.url = "/a", .accepted = {409}}).kind(), ErrorKind::not_found);
}

TEST_F(Http, CountsEverythingSent) {
  FakeHttp server({[] { return answer(500, "12345"); }, [] { return answer(200, "{\"data\""); },
                   [] { return answer(429, ""); }, [] { return answer(200, "{}"); }});
  client(server)->send({.url = "/objects"});
  EXPECT_EQ(counters_.requests, 4);
  EXPECT_EQ(counters_.retries, 3);
  EXPECT_EQ(counters_.rate_limits, 1);
  EXPECT_EQ(counters_.bytes, 5 + 7 + 2);
}

TEST_F(Http, SendsNoMoreThanARunMay) {
  options_.most_requests = 3;
  FakeHttp server({[] { return answer(500, ""); }, [] { return answer(200, "{}"); }, [] { return answer(500, ""); }});
  const auto http = client(server);
  http->send({.url = "/objects"});
  const Error error = failure(server, {.url = "/objects"});  // another client of the same run; its retry is one too many
  EXPECT_EQ(error.kind(), ErrorKind::used_up);
  EXPECT_THAT(error.what(), testing::HasSubstr("the 3 requests that this run may send are used up"));
  EXPECT_EQ(counters_.requests, 3);
  EXPECT_EQ(server.requests().size(), 3);
}

TEST_F(Http, TakesOnlyWholeJson) {
  for (const auto& [body, defect] :
       {std::pair{"", "an empty body"}, std::pair{"<html>", "an HTML page instead of JSON"},
        std::pair{"{\"a\"", "a JSON body that is cut off after 4 bytes"},
        std::pair{"{\"data\":[{\"id\":{\"workspace_id\":nope}}]}",
                  "a JSON body that is not valid at byte 31: nope}}]}"},
        std::pair{"{\"a\":01}", "a JSON body that is not valid at byte 5: 01}"}}) {
    FakeHttp server({[b = body] { return answer(200, b); }});
    const Error error = failure(server, {.url = "/objects"});
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_EQ(
        error.what(),
        std::string("GET /objects failed 6 times, the last time: answered with status 200 and ") +
            defect + "; try again later");
  }
}

TEST_F(Http, NoContentNeedsNoBody) {
  FakeHttp server({[] { return answer(204, ""); }});
  EXPECT_EQ(client(server)->send({.url = "/objects"}).status, 204);
}

TEST_F(Http, ConnectorsTurnStatusesIntoSentences) {
  options_.to_error = [](const HttpRequest&, const HttpResponse& response) {
    return Error(response.status == 418 ? ErrorKind::unavailable : ErrorKind::auth, "as I say");
  };
  FakeHttp teapot({[] { return answer(418, ""); }, [] { return answer(200, "{}"); }});
  client(teapot)->send({.url = "/objects"});
  FakeHttp refusing({[] { return answer(500, ""); }});
  const Error error = failure(refusing, {.url = "/objects"});
  EXPECT_EQ(error.kind(), ErrorKind::auth);
  EXPECT_STREQ(error.what(), "as I say");
}

TEST_F(Http, WithoutThemTheStatusSpeaks) {
  FakeHttp server({[] { return answer(302, ""); }});
  const Error error = failure(server, {.url = "/objects"});
  EXPECT_EQ(error.kind(), ErrorKind::bad_data);
  EXPECT_STREQ(error.what(), "GET /objects answered with status 302");
}

TEST_F(Http, RetriesTooAreWithinTheRate) {
  options_.requests_per_second = 2;
  std::vector<SteadyTime> times;
  FakeHttp server([&](const HttpRequest&) {
    times.push_back(clock_.steady());
    return times.size() % 3 == 0 ? answer(500, "") : answer(200, "{}");
  });
  const auto http = client(server);
  for (int i = 0; i < 20; ++i) http->send({.url = "/objects"});
  for (size_t i = 2; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 2], 1s);
}

TEST_F(Http, ATooManyHoldsBackAllRequests) {
  FakeHttp server(
      {[] { return answer(429, "", {{"retry-after", "30"}}); }, [] { return answer(200, "{}"); }});
  const auto http = client(server);
  const SteadyTime start = clock_.steady();
  EXPECT_THROW(http->send({.method = "POST", .url = "/create", .repeatable = false}), Error);
  EXPECT_EQ(clock_.steady(), start);
  http->send({.url = "/objects"});
  EXPECT_GE(clock_.steady(), start + 30s);
}

TEST_F(Http, TellsTheDebugLogNoSecrets) {
  FakeHttp server({[] { return answer(200, "{\"secret\":1}"); }});
  client(server)->send({.method = "POST", .url = "/objects?key=secret", .body = "{\"secret\":2}"});
  EXPECT_THAT(log_.lines(LogLevel::debug),
              testing::ElementsAre("POST https://api.test/v2/objects: 200, 12 B in 0.000 s"));
}

}  // namespace
}  // namespace ingestr
