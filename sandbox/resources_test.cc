// Rows beside records and entries: their ids lead to rows that exist, their shapes are the API's.
#include "resources.h"

#include "sandbox_fixture.h"

namespace sandbox {
namespace {

class ResourcesTest : public SandboxTest {
 protected:
  void SetUp() override { start({"--rate-limit=0", "--notes-rate-limit=0"}); }

  std::set<std::string> ids(const std::string& query) {
    return json::parse(get("/__sandbox/ids?" + query).body)["ids"];
  }
  bool exists(const std::string& object, const std::string& record) {
    return get("/v2/objects/" + object + "/records/" + record).status == 200;
  }
  std::vector<json> everyones(const std::string& what, const std::string& object) {
    std::vector<json> rows;
    for (const std::string& id : ids("object=" + object))
      for (json& row : all("/v2/" + what + "?object=" + object + "&record_id=" + id, 50))
        rows.push_back(std::move(row));
    return rows;
  }
  std::string keys(const std::string& target) {
    const auto body = nlohmann::ordered_json::parse(get(target).body);
    std::string text;
    for (const auto& [key, value] : body["data"][0].items()) text += key + " ";
    return text;
  }
};

TEST_F(ResourcesTest, KeysInTheOrderOfTheApi) {
  EXPECT_EQ(keys("/v2/workspace_members"),
            "id first_name last_name avatar_url email_address access_level created_at ");
  EXPECT_EQ(keys("/v2/notes"),
            "id parent_object parent_record_id title meeting_id content_plaintext content_markdown "
            "tags created_by_actor created_at ");
  EXPECT_EQ(keys("/v2/tasks"),
            "id content_plaintext is_completed completed_at deadline_at linked_records assignees "
            "created_by_actor created_at ");
  EXPECT_EQ(keys("/v2/webhooks"), "id target_url status subscriptions created_at ");
  EXPECT_EQ(keys("/v2/meetings"),
            "id title description is_all_day start end participants linked_records created_at "
            "created_by_actor ");
  EXPECT_EQ(keys("/v2/objects/people/views"), "id title created_at ");
}

TEST_F(ResourcesTest, ReferencesLeadToRows) {
  const auto meetings = ids("resource=meetings");
  std::set<std::string> members;
  for (const json& member : data(get("/v2/workspace_members")))
    members.insert(member["id"]["workspace_member_id"]);
  for (const json& note : all("/v2/notes", 50)) {
    EXPECT_TRUE(exists(note["parent_object"], note["parent_record_id"]));
    EXPECT_TRUE(note["meeting_id"].is_null() || meetings.contains(note["meeting_id"]));
    for (const json& tag : note["tags"])
      EXPECT_TRUE(tag["type"] == "record" ? exists(tag["object"], tag["record_id"])
                                          : members.contains(tag["workspace_member_id"]));
  }
  for (const json& task : all("/v2/tasks", 500)) {
    EXPECT_EQ(task["is_completed"], !task["completed_at"].is_null());
    for (const json& record : task["linked_records"])
      EXPECT_TRUE(exists(record["target_object_id"], record["target_record_id"]));
    for (const json& actor : task["assignees"])
      EXPECT_TRUE(members.contains(actor["referenced_actor_id"]));
  }
  bool all_day = false, timed = false;
  for (const json& meeting : all("/v2/meetings", 200)) {
    (meeting["is_all_day"] ? all_day : timed) = true;
    EXPECT_EQ(meeting["start"].contains("date"), meeting["is_all_day"]);
    for (const json& record : meeting["linked_records"])
      EXPECT_TRUE(exists(record["object_slug"], record["record_id"]));
  }
  EXPECT_TRUE(all_day && timed);
}

TEST_F(ResourcesTest, CreatedInTheOrderOfIds) {
  for (const char* target : {"/v2/notes", "/v2/tasks", "/v2/meetings"}) {
    const auto rows = all(target, 50);
    for (size_t i = 1; i < rows.size(); ++i) {
      EXPECT_LT(rows[i - 1]["id"].dump(), rows[i]["id"].dump());
      EXPECT_LE(rows[i - 1]["created_at"], rows[i]["created_at"]);
    }
  }
}

TEST_F(ResourcesTest, ThreadsAndTheirComments) {
  const auto threads = everyones("threads", "people");
  ASSERT_FALSE(threads.empty());
  EXPECT_LT(threads.size(), 700u);
  size_t longest = 0;
  for (const json& thread : threads) {
    const json& comments = thread["comments"];
    EXPECT_LE(comments.size(), 80u);
    EXPECT_EQ(comments[0]["id"]["comment_id"], thread["id"]["thread_id"]);
    const std::string target = "/v2/threads/" + thread["id"]["thread_id"].get<std::string>();
    const auto whole = all(target, 100);
    EXPECT_EQ(json(std::vector(whole.begin(), whole.begin() + comments.size())), comments);
    EXPECT_TRUE(comments.size() == 80 || whole.size() == comments.size());
    longest = std::max(longest, whole.size());
    EXPECT_EQ(data(get(target))["created_at"], thread["created_at"]);
  }
  EXPECT_GT(longest, 250u);
  EXPECT_EQ(get("/v2/threads/" + to_text(named_uuid("none"))).status, 404);
}

TEST_F(ResourcesTest, ThreadsOnEntries) {
  std::vector<json> threads;
  for (const std::string& id : ids("list=expansion"))
    for (json& thread : all("/v2/threads?list=expansion&entry_id=" + id, 50)) {
      EXPECT_EQ(thread["comments"][0]["entry"]["entry_id"], id);
      EXPECT_TRUE(exists(thread["comments"][0]["record"]["object_id"],
                         thread["comments"][0]["record"]["record_id"]));
      threads.push_back(std::move(thread));
    }
  ASSERT_FALSE(threads.empty());
  const std::string id = threads[0]["id"]["thread_id"], record = *ids("object=people").begin();
  start({"--scopes", "comment:read object_configuration:read record_permission:read"});
  expect_error(get("/v2/threads/" + id), 403, "unauthorized", "list_configuration:read");
  expect_error(get("/v2/threads?list=renewals&entry_id=" + id), 403, "unauthorized", "list_");
  EXPECT_EQ(get("/v2/threads?object=people&record_id=" + record).status, 200);
}

TEST_F(ResourcesTest, ThreadsAndFilesNeedToKnowWhose) {
  const std::string record = *ids("object=people").begin();
  for (const std::string& query :
       {std::string(), std::string("?object=people"), "?record_id=" + record,
        std::string("?list=renewals"),
        "?object=people&record_id=" + record + "&list=renewals&entry_id=" + record})
    expect_error(get("/v2/threads" + query), 400, "validation_type", "needed");
  expect_error(get("/v2/files?object=people"), 400, "validation_type", "needed");
  for (const char* what : {"threads", "files"}) {
    const std::string target = fmt::format("/v2/{}?record_id={}&object=", what, record);
    EXPECT_EQ(get(target + "companies").status, 404);
    EXPECT_EQ(get(target + "ghosts").status, 404);
  }
}

TEST_F(ResourcesTest, FilesOfEveryKind) {
  std::set<std::string> kinds;
  const auto files = everyones("files", "companies");
  for (const json& file : files) {
    kinds.insert(file["file_type"]);
    EXPECT_EQ(file["object_slug"], "companies");
    EXPECT_EQ(file.contains("content_size"), file["file_type"] == "file");
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"connected-file", "file", "folder"}));
}

TEST_F(ResourcesTest, TranscriptsOfFinishedRecordings) {
  std::set<std::string> seen;
  size_t longest = 0;
  for (const std::string& meeting : ids("resource=meetings")) {
    const std::string target = "/v2/meetings/" + meeting + "/call_recordings";
    for (const json& recording : all(target, 50)) {
      const std::string transcript =
          target + "/" + recording["id"]["call_recording_id"].get<std::string>() + "/transcript";
      const std::string status = recording["status"];
      seen.insert(status);
      const Reply reply = get(transcript);
      EXPECT_EQ(reply.status, status == "completed" ? 200 : status == "failed" ? 404 : 409);
      if (status != "completed") continue;
      const json body = json::parse(reply.body);
      EXPECT_EQ(body["data"]["id"], recording["id"]);
      EXPECT_EQ(body["data"]["web_url"], recording["web_url"]);
      const auto segments = all(transcript, 100);
      longest = std::max(longest, segments.size());
      for (size_t i = 1; i < segments.size(); ++i)
        EXPECT_LT(segments[i - 1]["start_time"], segments[i]["start_time"]);
    }
  }
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_GT(longest, 100u);
  const std::string none = to_text(named_uuid("none"));
  EXPECT_EQ(get("/v2/meetings/" + none + "/call_recordings").status, 404);
}

TEST_F(ResourcesTest, CountsFollowTheSwitches) {
  start({"--notes=0", "--tasks=3", "--webhooks=1", "--meetings=2", "--members=2"});
  EXPECT_EQ(data(get("/v2/notes")).size(), 0u);
  EXPECT_EQ(data(get("/v2/tasks")).size(), 3u);
  EXPECT_EQ(data(get("/v2/webhooks")).size(), 1u);
  EXPECT_EQ(json::parse(get("/v2/meetings").body)["pagination"]["next_cursor"], nullptr);
  EXPECT_EQ(data(get("/v2/workspace_members")).size(), 2u);
  EXPECT_THROW(start({"--members=1"}), UsageError);
}

TEST_F(ResourcesTest, ExtraKeysReachThemToo) {
  start({"--extra-key=priority=7", "--rate-limit=0"});
  for (const char* target :
       {"/v2/workspace_members", "/v2/notes", "/v2/tasks", "/v2/webhooks", "/v2/meetings",
        "/v2/objects/people/views", "/v2/objects/people/attributes",
        "/v2/lists/renewals/attributes/stage/statuses"})
    EXPECT_EQ(data(get(target))[0]["priority"], 7) << target;
}

}  // namespace
}  // namespace sandbox
