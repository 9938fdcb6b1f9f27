// Every endpoint that pages, to its end.
#include "paging.h"

#include "sandbox_fixture.h"

namespace sandbox {
namespace {

class PagingTest : public SandboxTest {
 protected:
  void start_small(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--rate-limit=0", "--notes-rate-limit=0", "--webhooks=120"});
    start(more);
  }

  std::string record(uint64_t position) {
    const Reply reply = send("POST", "/v2/objects/people/records/query",
                             fmt::format(R"({{"limit":1,"offset":{}}})", position));
    return data(reply).at(0)["id"]["record_id"];
  }

  // The first person with more than `least` rows under it, as a target.
  std::string target_with(const std::string& before, uint64_t least) {
    for (uint64_t i = 0; i < 700; ++i) {
      const std::string target = before + "?object=people&record_id=" + record(i);
      if (data(get(target)).size() > least) return target;
    }
    ADD_FAILURE() << before;
    return "";
  }

  std::string meeting_with_recordings(size_t least) {
    for (const json& meeting : all("/v2/meetings", 200)) {
      const std::string target = fmt::format("/v2/meetings/{}/call_recordings",
                                             meeting["id"]["meeting_id"].get<std::string>());
      if (data(get(target)).size() >= least) return target;
    }
    ADD_FAILURE();
    return "";
  }

  // Pages of different sizes give the same rows, each once.
  void expect_each_once(const std::string& target, uint64_t small, uint64_t large) {
    const auto rows = all(target, large);
    EXPECT_EQ(all(target, small), rows) << target;
    EXPECT_GT(rows.size(), small) << target;
    std::set<std::string> ids;
    for (const json& row : rows) ids.insert(row.dump());
    EXPECT_EQ(ids.size(), rows.size()) << target;
  }

  void expect_bounds(const std::string& target, uint64_t fallback, uint64_t most) {
    const std::string mark = target.find('?') == std::string::npos ? "?" : "&";
    EXPECT_EQ(rows_in(json::parse(get(target).body)).size(), fallback) << target;
    EXPECT_EQ(get(fmt::format("{}{}limit={}", target, mark, most)).status, 200) << target;
    const Reply refused = get(fmt::format("{}{}limit={}", target, mark, most + 1));
    expect_error(refused, 400, "validation_type", "parameter");
    EXPECT_EQ(json::parse(refused.body)["validation_errors"][0]["maximum"], most) << target;
  }
};

TEST_F(PagingTest, WorkspaceRows) {
  start_small();
  expect_each_once("/v2/notes", 7, 50);
  expect_each_once("/v2/tasks", 7, 500);
  expect_each_once("/v2/webhooks", 11, 100);
  expect_each_once("/v2/meetings", 7, 200);
  EXPECT_EQ(all("/v2/notes", 50).size(), 35u);
  EXPECT_EQ(data(get("/v2/workspace_members?limit=1&offset=3")).size(), 5u);
}

TEST_F(PagingTest, RowsUnderOthers) {
  start_small();
  expect_each_once(target_with("/v2/threads", 9), 3, 50);
  expect_each_once(target_with("/v2/files", 49), 40, 200);
  expect_each_once(meeting_with_recordings(50), 10, 200);
  expect_each_once("/v2/objects/companies/attributes", 5, 500);
  expect_each_once("/v2/lists/renewals/attributes", 2, 500);
  expect_each_once("/v2/objects/companies/views", 1, 1000);
  expect_each_once("/v2/lists/renewals/views", 1, 1000);
}

TEST_F(PagingTest, DefaultsAndMaxima) {
  start_small();
  expect_bounds("/v2/notes", 10, 50);
  expect_bounds("/v2/webhooks", 10, 100);
  expect_bounds("/v2/meetings", 50, 200);
  expect_bounds(target_with("/v2/threads", 9), 10, 50);
  expect_bounds(target_with("/v2/files", 49), 50, 200);
  expect_bounds(meeting_with_recordings(50), 50, 200);
  expect_bounds("/v2/objects/companies/views", data(get("/v2/objects/companies/views")).size(),
                1000);
  const std::string entries = fmt::format("/v2/objects/people/records/{}/entries", record(3));
  expect_bounds(entries, data(get(entries)).size(), 1000);
  EXPECT_EQ(get("/v2/tasks?limit=100000").status, 200);
  for (const char* wrong : {"/v2/webhooks?limit=9", "/v2/notes?limit=0", "/v2/notes?limit=x",
                            "/v2/notes?limit=", "/v2/notes?limit=1.5", "/v2/notes?offset=-1",
                            "/v2/objects/people/attributes?show_archived=1"})
    expect_error(get(wrong), 400, "validation_type", "parameter");
  EXPECT_EQ(get("/v2/notes?parent_object=people").status, 400);
}

TEST_F(PagingTest, CursorsAreTiedToTheirParameters) {
  start_small();
  const json first = json::parse(get("/v2/meetings?limit=20").body);
  const std::string cursor = first["pagination"]["next_cursor"];
  EXPECT_EQ(get("/v2/meetings?cursor=" + cursor + "&limit=20").status, 200);
  for (const std::string& wrong :
       {"/v2/meetings?limit=21&cursor=" + cursor, "/v2/meetings?cursor=" + cursor,
        "/v2/meetings?limit=20&sort=start_asc&cursor=" + cursor,
        "/v2/objects/people/views?limit=20&cursor=" + cursor,
        std::string("/v2/meetings?limit=20&cursor="),
        "/v2/meetings?limit=20&cursor=" + std::string(32, 'a')})
    expect_error(get(wrong), 400, "validation_type", "parameter");
}

TEST_F(PagingTest, ShortPagesBeforeTheEndLoseNothing) {
  start_small();
  const auto meetings = all("/v2/meetings", 10), views = all("/v2/objects/companies/views", 1000);
  start_small({"--short-cursor-pages"});
  EXPECT_EQ(all("/v2/meetings", 10), meetings);
  EXPECT_EQ(all("/v2/meetings", 1), meetings);
  EXPECT_EQ(all("/v2/objects/companies/views", 1000), views);
  const json first = json::parse(get("/v2/meetings?limit=10").body);
  EXPECT_EQ(first["data"].size(), 5u);
  const std::string cursor = first["pagination"]["next_cursor"];
  const json second = json::parse(get("/v2/meetings?limit=10&cursor=" + cursor).body);
  EXPECT_EQ(second["data"].size(), 0u);
  EXPECT_FALSE(second["pagination"]["next_cursor"].is_null());
}

TEST_F(PagingTest, NotesHaveALimitOfTheirOwn) {
  start({});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get("/v2/notes").status, 200);
  expect_error(get("/v2/notes"), 429, "rate_limit_exceeded", "Too many");
  EXPECT_EQ(get("/v2/tasks").status, 200);
  now_ += 1000;
  EXPECT_EQ(get("/v2/notes").status, 200);
}

TEST_F(PagingTest, RowsMoveHereToo) {
  start_small({"--mutate=insert@/v2/notes?limit=20&offset=20#1", "--mutate=delete@/v2/meetings#2",
               "--fault=500@/v2/tasks?limit=3#1"});
  const auto notes = all("/v2/notes", 20);
  EXPECT_EQ(notes.size(), 36u);
  EXPECT_EQ(notes[19], notes[20]);
  EXPECT_EQ(all("/v2/meetings", 50).size(), 60u);  // a cursor does not mind what goes behind it
  EXPECT_EQ(all("/v2/meetings", 50).size(), 59u);
  EXPECT_EQ(get("/v2/tasks?limit=3").status, 500);
  const json changes = stats()["changes"];
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["table"], "notes");
  EXPECT_EQ(changes[1]["table"], "meetings");
  send("POST", "/__sandbox/mutate", R"({"resource":"tasks","op":"delete","count":2})");
  EXPECT_EQ(json::parse(get("/__sandbox/ids?resource=tasks").body)["ids"].size(), 38u);
  send("POST", "/__sandbox/reset?rows=true");
  EXPECT_EQ(all("/v2/tasks", 500).size(), 40u);
}

TEST_F(PagingTest, RowsUnderOthersMove) {
  start_small({"--mutate=insert@/v2/threads?#1", "--mutate=insert@/v2/files?#1",
               "--mutate=insert@call_recordings#1", "--mutate=insert@/views#1",
               "--mutate=insert@/v2/workspace_members#1"});
  const std::string asked = "?object=people&record_id=" + record(0);
  EXPECT_GE(data(get("/v2/threads" + asked)).size(), 1u);
  EXPECT_GE(data(get("/v2/files" + asked)).size(), 1u);
  const std::string meeting = all("/v2/meetings", 1).front()["id"]["meeting_id"];
  EXPECT_GE(data(get("/v2/meetings/" + meeting + "/call_recordings")).size(), 1u);
  EXPECT_GE(data(get("/v2/objects/companies/views")).size(), 2u);
  EXPECT_EQ(data(get("/v2/workspace_members")).size(), 6u);
}

TEST_F(PagingTest, TasksByNewestFirst) {
  start_small();
  auto tasks = all("/v2/tasks", 9);
  std::reverse(tasks.begin(), tasks.end());
  EXPECT_EQ(all("/v2/tasks?sort=created_at:desc", 9), tasks);
  EXPECT_EQ(get("/v2/tasks?sort=completed_at:asc").status, 400);
}

}  // namespace
}  // namespace sandbox
