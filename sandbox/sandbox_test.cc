#include "sandbox_fixture.h"

namespace sandbox {
namespace {

TEST_F(SandboxTest, PagesAllRecordsOnce) {
  start({"--rate-limit=0"});
  std::set<std::string> ids;
  uint64_t offset = 0;
  for (;;) {
    const json rows = data(page(offset));
    if (rows.empty()) break;
    for (const auto& row : rows) ids.insert(row["id"]["record_id"]);
    offset += rows.size();
  }
  EXPECT_EQ(ids.size(), 1200u);
  EXPECT_EQ(
      json::parse(get("/__sandbox/ids?object=companies").body)["ids"].get<std::set<std::string>>(),
      ids);
}

TEST_F(SandboxTest, IgnoresLimitAndOffsetInTheQueryString) {
  start({});
  const Reply reply = send("POST", std::string(kCompanies) + "?limit=3&offset=100", "{}");
  EXPECT_EQ(data(reply).size(), 500u);
  EXPECT_EQ(reply.body, page(0).body);
}

TEST_F(SandboxTest, PageCapAndMaxLimit) {
  start({"--page-cap=100"});
  EXPECT_EQ(data(page(0, 500)).size(), 100u);
  start({"--max-limit=400"});
  expect_error(page(0, 500), 400, "validation_type", "validation");
}

TEST_F(SandboxTest, Headers) {
  start({});
  const Reply plain = page(0, 1);
  EXPECT_EQ(header(plain, "x-attio-record-query-score"), "0");
  EXPECT_EQ(header(plain, "Date"), "Tue, 07 Jul 2026 10:20:31 GMT");
  EXPECT_EQ(header(plain, "x-accurate-at"), "2026-07-07T10:20:31.123000000Z");
  EXPECT_EQ(header(plain, "x-attio-execution-id").size(), 36u);
  EXPECT_EQ(plain.content_type, "application/json; charset=utf-8");
  const Reply sorted = send(
      "POST", kCompanies, R"({"limit":3,"sorts":[{"attribute":"created_at","direction":"asc"}]})");
  EXPECT_EQ(header(sorted, "x-attio-record-query-score"), "1306");
  EXPECT_EQ(header(send("POST", "/v2/lists/parked_ideas/entries/query", "{}"),
                   "x-attio-record-query-score"),
            "");
}

TEST_F(SandboxTest, SortsAndFiltersOnTheAttributeCreatedAt) {
  start({"--rate-limit=0"});
  const json rows =
      data(send("POST", kCompanies,
                R"({"limit":2000,"sorts":[{"attribute":"created_at","direction":"asc"}]})"));
  ASSERT_EQ(rows.size(), 1200u);
  const auto created = [&](size_t i) {
    return rows[i]["values"]["created_at"][0]["value"].get<std::string>();
  };
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_LE(created(i - 1), created(i));
  const std::string filter = fmt::format(
      R"({{"filter":{{"created_at":{{"$gte":"{}","$lt":"{}"}}}}}})", created(100), created(110));
  EXPECT_EQ(data(send("POST", kCompanies, filter)).size(), 10u);
  const std::string ids = fmt::format(R"({{"filter":{{"record_id":{{"$in":[{},"nope"]}}}}}})",
                                      rows[7]["id"]["record_id"].dump());
  EXPECT_EQ(data(send("POST", kCompanies, ids)).at(0), rows[7]);
}

TEST_F(SandboxTest, SlugsIdsAndOddNames) {
  start({"--records", "odd slug/№ 1=3", "--entries", "odd/list@people=4"});
  EXPECT_EQ(
      data(send("POST", "/v2/objects/baf6e5bc-0851-53af-8d22-2555a0ded1cb/records/query", "{}"))
          .size(),
      500u);
  EXPECT_EQ(data(send("POST", "/v2/objects/odd%20slug%2F%E2%84%96%201/records/query", "{}")).size(),
            3u);
  EXPECT_EQ(data(send("POST", "/v2/lists/odd%2flist/entries/query", "{}")).size(), 4u);
  EXPECT_EQ(data(send("POST", "/v2/lists/16E4340F-005E-511B-BCC2-3C006FD3C429/entries/query", "{}"))
                .size(),
            7u);
  EXPECT_EQ(data(get("/v2/objects")).size(), 7u);
  EXPECT_EQ(data(get("/v2/lists?limit=1&offset=3")).size(), 6u);
}

TEST_F(SandboxTest, NotFound) {
  start({"--disabled-object=deals"});
  expect_error(send("POST", "/v2/objects/gho%2Fs%22ts/records/query", "{}"), 404, "not_found",
               "Object with slug/ID \"gho/s\"ts\" not found.");
  expect_error(get("/v2/lists/ghost_list"), 404, "not_found",
               "List with slug/ID \"ghost_list\" not found.");
  expect_error(get("/v2/objects/companies/records"), 404, "not_found",
               "Could not find endpoint \"GET /v2/objects/companies/records\".");
  expect_error(send("POST", "/v2/objects/deals/records/query", "{}"), 400,
               "standard_object_disabled", "enabled");
  EXPECT_EQ(data(get("/v2/objects")).size(), 5u);
  for (const char* target :
       {"/", "", "/v2", "/v2/objects/", "/v2//objects", "/v2/objects//records/query"})
    EXPECT_EQ(get(target).status, 404) << target;
}

TEST_F(SandboxTest, Keys) {
  start({});
  const std::string long_key(64, 'a');
  expect_error(send("GET", "/v2/objects", "", "Bearer wrong"), 401, "unauthorized",
               "64 characters");
  expect_error(send("GET", "/v2/objects", "", "Bearer " + long_key), 401, "unauthorized",
               "No such API key");
  expect_error(send("GET", "/v2/objects", "", ""), 401, "unauthorized", "no API key");
  EXPECT_EQ(send("GET", "/v2/objects", "", "Basic a2V5XzEyMzo=").status, 200);
  expect_error(send("GET", "/v2/self", "", "Bearer wrong"), 400, "missing_value", "not recognised");
  EXPECT_EQ(send("GET", "/v2/self", "", "Bearer " + long_key).body, R"({"active":false})");
  EXPECT_EQ(json::parse(get("/v2/self").body)["active"], true);
  start({"--api-key", long_key});
  EXPECT_EQ(send("GET", "/v2/objects", "", "Bearer " + long_key).status, 200);
  EXPECT_EQ(get("/v2/objects").status, 401);
}

TEST_F(SandboxTest, Scopes) {
  start({"--scopes", "object_configuration:read record_permission:read-write"});
  EXPECT_EQ(page(0).status, 200);
  expect_error(get("/v2/lists"), 403, "unauthorized", "list_configuration:read");
  EXPECT_EQ(json::parse(get("/v2/self").body)["scope"],
            "object_configuration:read record_permission:read-write");
}

TEST_F(SandboxTest, RateLimitWithDate) {
  start({"--rate-limit=2"});
  EXPECT_EQ(page(0).status, 200);
  EXPECT_EQ(page(0).status, 200);
  const Reply refused = page(0);
  expect_error(refused, 429, "rate_limit_exceeded", "Too many");
  EXPECT_EQ(header(refused, "Retry-After"), "Tue, 07 Jul 2026 10:20:32 GMT");
  now_ += 1000;
  EXPECT_EQ(page(0).status, 200);
  EXPECT_EQ(stats()["rate_limited"], 1);
  start({"--rate-limit=1", "--retry-after-seconds"});
  page(0);
  EXPECT_EQ(header(page(0), "Retry-After"), "1");
}

TEST_F(SandboxTest, FaultsHitTheRequestsTheyName) {
  start({"--fault=500@2", "--fault=429@3", "--fault=503-html@offset=500;#1x2",
         "--fault=no-data@lists#1", "--fault=slow:2@/v2/self#1"});
  EXPECT_EQ(page(0).status, 200);
  expect_error(page(0), 500, "internal_error", "");
  EXPECT_EQ(header(page(0), "Retry-After"), "Tue, 07 Jul 2026 10:20:32 GMT");
  for (int i = 0; i < 2; ++i) {
    const Reply html = page(500);
    EXPECT_EQ(html.status, 503);
    EXPECT_EQ(html.content_type, "text/html; charset=UTF-8");
  }
  EXPECT_EQ(page(500).status, 200);
  EXPECT_EQ(get("/v2/lists").body, "{}");
  const Milliseconds before = now_;
  EXPECT_EQ(get("/v2/self").status, 200);
  EXPECT_EQ(now_ - before, 2000);
}

TEST_F(SandboxTest, DeliveryFaultsKeepTheRightBody) {
  start({"--fault=truncate-body@1", "--fault=reset-body@2", "--fault=reset@3", "--fault=stall:9@4",
         "--fault=truncated-json@5"});
  const Reply cut = page(0, 2), broken = page(0, 2), gone = page(0, 2), slow = page(0, 2),
              half = page(0, 2), right = page(0, 2);
  EXPECT_EQ(cut.delivery, Delivery::close_in_body);
  EXPECT_EQ(cut.body, right.body);
  EXPECT_EQ(broken.delivery, Delivery::reset_in_body);
  EXPECT_EQ(gone.delivery, Delivery::reset);
  EXPECT_EQ(slow.stall_seconds, 9);
  EXPECT_EQ(half.body, right.body.substr(0, right.body.size() / 2));
}

TEST_F(SandboxTest, FaultsCanBeReplacedWhileItRuns) {
  start({"--fault=500@1"});
  EXPECT_EQ(send("POST", "/__sandbox/faults", "502@1\nempty-200@2\n").status, 200);
  EXPECT_EQ(page(0).status, 502);
  EXPECT_EQ(page(0).body, "");
  EXPECT_EQ(send("POST", "/__sandbox/faults", "nonsense").status, 400);
}

TEST_F(SandboxTest, RowsMoveWhilePagesAreRead) {
  start({"--mutate=insert@2", "--mutate=delete@3"});
  const json first = data(page(0)), second = data(page(500)), third = data(page(1000));
  EXPECT_EQ(second[0]["id"], first[499]["id"]);
  EXPECT_EQ(first.size() + second.size() + third.size(), 1200u);
  const json changes = stats()["changes"];
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["op"], "insert");
  EXPECT_EQ(changes[0]["table"], "companies");
  EXPECT_EQ(changes[1]["request"], 3);
}

TEST_F(SandboxTest, RowsMoveOnCommand) {
  start({});
  const json made =
      json::parse(send("POST", "/__sandbox/mutate",
                       R"({"object":"companies","op":"insert","position":0,"count":2})")
                      .body);
  EXPECT_EQ(made["ids"].size(), 2u);
  EXPECT_EQ(data(page(0))[0]["id"]["record_id"], made["ids"][1]);
  const json gone =
      json::parse(send("POST", "/__sandbox/mutate", R"({"list":"renewals","op":"delete"})").body);
  const json left = json::parse(get("/__sandbox/ids?list=renewals").body)["ids"];
  EXPECT_EQ(left.size(), 39u);
  EXPECT_EQ(std::count(left.begin(), left.end(), gone["ids"][0]), 0);
  EXPECT_EQ(send("POST", "/__sandbox/mutate", R"({"op":"delete"})").status, 400);
  send("POST", "/__sandbox/reset?rows=true");
  EXPECT_EQ(json::parse(get("/__sandbox/ids?list=renewals").body)["ids"].size(), 40u);
}

TEST_F(SandboxTest, StatsTellWhatHappened) {
  start({"--latency-ms=200"});
  page(0, 10);
  page(10, 10);
  get("/v2/nothing");
  const json seen = stats();
  EXPECT_EQ(seen["requests"], 3);
  EXPECT_EQ(seen["by_path"][kCompanies], 2);
  EXPECT_EQ(seen["by_status"]["404"], 1);
  EXPECT_EQ(seen["max_in_one_second"], 3);
  EXPECT_EQ(seen["log"][1]["offset"], 10);
  EXPECT_EQ(seen["log"][1]["at_ms"], 200);
  EXPECT_EQ(seen["log"][1]["took_ms"], 200);
  EXPECT_EQ(seen["log"][1]["user_agent"], "test");
  EXPECT_TRUE(seen["log"][2]["offset"].is_null());
  send("POST", "/__sandbox/reset");
  EXPECT_EQ(stats()["requests"], 0);
}

TEST_F(SandboxTest, ExtraKeysReachEveryKindOfRow) {
  start({"--extra-key=priority=7"});
  EXPECT_EQ(data(page(0, 1))[0]["priority"], 7);
  EXPECT_EQ(data(get("/v2/objects"))[0]["priority"], 7);
  EXPECT_EQ(data(get("/v2/lists"))[0]["priority"], 7);
  EXPECT_EQ(data(send("POST", "/v2/lists/renewals/entries/query"))[0]["priority"], 7);
}

TEST_F(SandboxTest, OptionsThatDoNotFitAreRefused) {
  for (const char* wrong : {"--fault=bang@1", "--mutate=insert", "--entries=nope=3",
                            "--entries=a@nope=3", "--disabled-object=lab_samples"})
    EXPECT_THROW(start({wrong}), std::invalid_argument) << wrong;
}

}  // namespace
}  // namespace sandbox
