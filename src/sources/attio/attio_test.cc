#include "sources/attio/attio.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "data/queue.h"
#include "support/cells.h"
#include "support/fake_clock.h"
#include "support/fake_log.h"
#include "support/replay.h"

namespace ingestr {
namespace {

// The Attio source against replayed exchanges.
class AttioTest : public ::testing::Test {
 protected:
  std::unique_ptr<Source> open(const std::string& uri, SourceOptions options = {}) {
    const Context context{clock_, environment_, log_, counters_, secrets_, stop_.get_token(),
                          [] { return make_replay(INGESTR_SOURCE_DIR "/src/sources/attio/testdata/exchanges.txt"); }};
    return attio_connector().open_source(parse_uri(uri), options, context);
  }

  std::vector<Batch> read(const std::string& table, std::optional<uint64_t> limit = std::nullopt) {
    return read(table, ReadRequest{.limit = limit});
  }
  std::vector<Batch> read(const std::string& table, const ReadRequest& request) {
    const std::unique_ptr<Source> source = open("attio://?api_key=key_123");
    BatchQueue queue(1 << 30);
    const std::unique_ptr<Table> opened = source->table(table);
    opened->prepare(request);
    opened->read(request, queue);
    queue.finish();
    std::vector<Batch> batches;
    while (auto batch = queue.next()) batches.push_back(std::move(*batch));
    return batches;
  }

  // The text and kind of what opening or reading throws.
  std::string failure(ErrorKind kind, const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(to_string(error.kind()), to_string(kind));
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }
  std::string read_failure(ErrorKind kind, const std::string& table) {
    return failure(kind, [&] { read(table); });
  }
  std::string open_failure(const std::string& uri) {
    return failure(ErrorKind::usage, [&] { open(uri); });
  }

  FakeClock clock_;
  MapEnvironment environment_;
  FakeLog log_;
  Counters counters_;
  Secrets secrets_;
  std::stop_source stop_;
};

TEST_F(AttioTest, ObjectsHaveTheColumnsOfTheManual) {
  std::vector<Batch> batches = read("objects");
  ASSERT_EQ(batches.size(), 1U);
  std::string columns;
  for (const Column& column : batches[0].schema().columns) columns += column.name + " " + to_string(column.type) + ", ";
  EXPECT_EQ(columns,
            "id JSON, workspace_id VARCHAR, object_id VARCHAR, api_slug VARCHAR, singular_noun VARCHAR, plural_noun "
            "VARCHAR, created_at TIMESTAMPTZ, ");
  EXPECT_EQ(cells(batches[0], 3),
            (Cells{"people", "companies", "deals", "users", "workspaces", "lab_samples"}));
  EXPECT_EQ(cells(batches[0], 2)[0], "b4dd58cd-ac6e-5e51-ad72-19482c5a42ba");
  EXPECT_EQ(cells(batches[0], 6)[0], "1739174411204000");
}

TEST_F(AttioTest, RecordsKeepTheirValuesCharacterByCharacter) {
  std::vector<Batch> batches = read("records:lab_samples");
  ASSERT_EQ(batches.size(), 1U);
  const std::string values = *cells(batches[0], 6)[0];
  EXPECT_TRUE(values.starts_with("{\n        \"record_id\": [")) << values.substr(0, 60);
  EXPECT_NE(values.find("\"value\": 12.0625"), std::string::npos);
  EXPECT_EQ(counters_.requests, 3U) << "what the key may do, the page, the end";
  EXPECT_EQ(counters_.pages, 1U);
}

TEST_F(AttioTest, ListsKeepNullsAndArrays) {
  std::vector<Batch> batches = read("lists");
  EXPECT_EQ(cells(batches.at(0), 6), (Cells{"full-access", std::nullopt, "read-only"}));
  EXPECT_EQ(cells(batches.at(0), 3), (Cells{"renewals", "board_watchlist", "candidates"}));
}

TEST_F(AttioTest, EntriesOfAllListsOfAnObjectByItsSlugOrItsId) {
  for (const char* object : {"companies", "baf6e5bc-0851-53af-8d22-2555a0ded1cb"}) {
    std::vector<Batch> batches = read(std::string("all_list_entries:") + object);
    ASSERT_EQ(batches.size(), 1U);
    EXPECT_EQ(cells(batches[0], 5), (Cells{"companies", "companies", "companies"}));
  }
}

TEST_F(AttioTest, AnObjectWithoutListsHasAnEmptyTable) { EXPECT_TRUE(read("all_list_entries:deals").empty()); }

TEST_F(AttioTest, ALimitIsAlsoALimitOfThePage) {
  std::vector<Batch> batches = read("records:companies", 1);
  EXPECT_EQ(batches.at(0).rows(), 1);
  EXPECT_EQ(read("all_list_entries:companies", 2).at(0).rows(), 2);
}

TEST_F(AttioTest, AnIntervalIsOfTheRowsOwnTime) {
  using namespace std::chrono_literals;
  const SystemTime start = std::chrono::sys_days(2026y / 3 / 4) + 9h;
  const ReadRequest request{.incremental_key = "created_at", .interval_start = start, .interval_end = start + 24h};
  std::vector<Batch> batches = read("records:deals", request);
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(cells(batches[0], 3), (Cells{"made in time though the attribute is not", "made at the very end"}));
  EXPECT_EQ(cells(read("records:deals", ReadRequest{.limit = 1, .incremental_key = "created_at",
                                                    .interval_start = start, .interval_end = start + 24h}).at(0), 3),
            (Cells{"made in time though the attribute is not"}));
}

TEST_F(AttioTest, AnIntervalOfWhatTheApiCannotFilterIsRefused) {
  const SystemTime start{};
  EXPECT_EQ(failure(ErrorKind::unsupported,
                    [&] { read("objects", ReadRequest{.incremental_key = "created_at", .interval_start = start}); }),
            "attio objects: Attio cannot give an interval of this table; only records and list entries can be loaded by "
            "interval, with --incremental-key created_at");
}

TEST_F(AttioTest, AnUnknownTableIsRefusedBeforeAnyRequest) {
  const std::unique_ptr<Source> source = open("attio://?api_key=key_123");
  const auto refusal = [&](const std::string& name) {
    return failure(ErrorKind::usage, [&] { source->table(name); });
  };
  EXPECT_EQ(refusal("foo"),
            "Attio has no table \"foo\"; --source-table is one of objects, records:{object_api_slug}, lists, "
            "list_entries:{list_id}, all_list_entries:{object_api_slug}, attributes:{object_api_slug}, "
            "select_options:{object_api_slug}, statuses:{object_api_slug}, comments:{object_api_slug}, "
            "record_history:{object_api_slug}, record_entries:{object_api_slug}, files:{object_api_slug}, "
            "views:{object_api_slug}, list_attributes:{list_id}, list_select_options:{list_id}, list_statuses:{list_id}, "
            "list_views:{list_id}, self, workspace_members, notes, tasks, meetings, call_recordings, transcripts, webhooks");
  EXPECT_EQ(refusal("records:"), "the table records needs an object_api_slug, e.g. records:companies");
  EXPECT_EQ(refusal("records"), "the table records needs an object_api_slug, e.g. records:companies");
  EXPECT_EQ(refusal("list_entries"), "the table list_entries needs a list_id, e.g. list_entries:8abc-123-456-789d-123");
  EXPECT_EQ(refusal("all_list_entries:"),
            "the table all_list_entries needs an object_api_slug, e.g. all_list_entries:companies");
  EXPECT_EQ(refusal("objects:x"), "the table objects takes nothing after a colon; use just \"objects\"");
  EXPECT_EQ(refusal("query:select 1").substr(0, 26), "Attio has no table \"query:");
  EXPECT_EQ(counters_.requests, 0U);
}

TEST_F(AttioTest, EachRefusalOfTheServerHasItsOwnSentence) {
  EXPECT_EQ(read_failure(ErrorKind::not_found, "records:ghosts"),
            "attio records:ghosts: this workspace has no object \"ghosts\" (Attio says: Object with slug/ID \"ghosts\" not "
            "found.); load the table objects to see the slugs and ids there are");
  EXPECT_EQ(read_failure(ErrorKind::not_found, "list_entries:ghost_list"),
            "attio list_entries:ghost_list: this workspace has no list \"ghost_list\" that the API key can see (Attio says: "
            "List with slug/ID \"ghost_list\" not found.); load the table lists to see the slugs and ids there are");
  EXPECT_EQ(read_failure(ErrorKind::not_found, "records:workspaces"),
            "attio records:workspaces: the standard object \"workspaces\" is not enabled in this workspace; an admin can "
            "enable it in Attio under Workspace settings, Objects");
  EXPECT_EQ(read_failure(ErrorKind::auth, "records:secret"),
            "attio records:secret: Attio refuses the API key (Attio says: No such API key; it may have been revoked.); "
            "check api_key in --source-uri or ATTIO_API_KEY; keys are made in Attio under Workspace settings, Developers");
  EXPECT_EQ(read_failure(ErrorKind::auth, "list_entries:locked"),
            "attio list_entries:locked: the API key lacks a permission (Attio says: The token lacks the scope "
            "list_configuration:read.); this table needs the scopes list_entry:read and list_configuration:read: tick "
            "them in Attio under Workspace settings, Developers, and run again");
  EXPECT_EQ(read_failure(ErrorKind::auth, "records:plan"),
            "attio records:plan: the plan of this workspace does not include this (Attio says: This feature needs another "
            "plan.); ask an admin of the workspace");
  EXPECT_EQ(read_failure(ErrorKind::bad_data, "records:picky").substr(0, 110),
            "attio records:picky: Attio refuses the request with validation_type (Attio says: Body payload validation "
            "error");
  EXPECT_EQ(read_failure(ErrorKind::not_found, "all_list_entries:ghosts"),
            "attio all_list_entries:ghosts: this workspace has no object \"ghosts\"; it has people, companies, deals, users, "
            "workspaces, lab_samples");
}

TEST_F(AttioTest, APageWithoutDataIsAnErrorAndNoEnd) {
  EXPECT_EQ(read_failure(ErrorKind::bad_data, "records:broken"),
            "attio records:broken: Attio answered without a \"data\" array: {\"meta\": {}}; it may have changed its API, or "
            "base_url in --source-uri points at something else");
}

TEST_F(AttioTest, ArgumentsArePercentEncodedIntoPaths) {
  EXPECT_NE(read_failure(ErrorKind::not_found, "records:a b/../c?d").find("no object \"a b/../c?d\""), std::string::npos);
}

TEST_F(AttioTest, TheKeyComesFromTheUriOrTheEnvironment) {
  EXPECT_EQ(open_failure("attio://"),
            "--source-uri has no api_key; write attio://?api_key=YOUR_KEY or set the environment variable ATTIO_API_KEY");
  open("attio://api_key=key_123");
  EXPECT_EQ(secrets_.redact("key_123"), "***");
  environment_ = MapEnvironment(std::map<std::string, std::string>{{"ATTIO_API_KEY", "key_env"}});
  open("attio://");
  EXPECT_EQ(secrets_.redact("key_env"), "***");
}

TEST_F(AttioTest, WrongUrisAreRefused) {
  EXPECT_EQ(open_failure("attio://workspace?api_key=key_123"),
            "an Attio URI has nothing between :// and ?; write attio://?api_key=YOUR_KEY");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&page_size=0"),
            "page_size in --source-uri must be a number from 1 to 1000");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&page_size=9x"),
            "page_size in --source-uri must be a number from 1 to 1000");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&max_requests=0"), "max_requests in --source-uri must be a number from 1 on");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&max_requests=many"), "max_requests in --source-uri must be a number from 1 on");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&base_url=ftp://x"),
            "base_url in --source-uri must start with https:// or http://");
  EXPECT_EQ(open_failure("attio://?api_key=a%0Ab4567"),
            "the api_key of --source-uri holds a space or a control character; copy it again");
  EXPECT_EQ(open_failure("attio://?api_key=key_123&colour=red"),
            "the attio:// URI has a parameter \"colour\"; it takes api_key, base_url, page_size, max_requests, values");
}

TEST_F(AttioTest, AKeyThatTravelsUnencryptedIsWarnedOf) {
  open("attio://?api_key=key_123&base_url=http://127.0.0.1:8080");
  open("attio://?api_key=key_123&base_url=https://proxy.example/attio");
  EXPECT_TRUE(log_.lines(LogLevel::warning).empty());
  open("attio://?api_key=key_123&base_url=http://proxy.example");
  EXPECT_EQ(log_.lines(LogLevel::warning).size(), 1U);
}

TEST_F(AttioTest, APageSizeForDatabasesIsCutToWhatAttioGives) {
  open("attio://?api_key=key_123", {25'000, std::nullopt});
  EXPECT_EQ(log_.lines(LogLevel::info).size(), 1U);
}

}  // namespace
}  // namespace ingestr
