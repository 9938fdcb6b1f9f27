#include "history.h"

#include "sandbox_fixture.h"

namespace sandbox {
namespace {

TEST(SplitValues, TakesObjectsApart) {
  EXPECT_EQ(split_values(R"({"a":"}, {\"","b":[1,{}]},{"c":2})"),
            (std::vector<std::string>{R"({"a":"}, {\"","b":[1,{}]})", R"({"c":2})"}));
  EXPECT_TRUE(split_values("").empty());
}

class HistoryTest : public SandboxTest {
 protected:
  void SetUp() override { start({"--rate-limit=0"}); }

  // Of all rows of one table: what the values endpoint says now is what the row says; the history
  // ends with it, and its periods follow one another.
  void expect_history(const std::string& query, const std::string& rows_path,
                      const std::string& id_key, const std::string& values_key,
                      const std::string& slug) {
    size_t with_history = 0, count = 0;
    for (const json& row : data(send("POST", query, R"({"limit":150})"))) {
      const std::string target = fmt::format("{}/{}/attributes/{}/values", rows_path,
                                             row["id"][id_key].get<std::string>(), slug);
      const json values = row.value(values_key, json());
      const json now = values.is_object() ? values.value(slug, json::array()) : json::array();
      EXPECT_EQ(data(get(target)), now);
      const json history = data(get(target + "?show_historic=true"));
      ASSERT_GE(history.size(), now.size());
      const size_t closed = history.size() - now.size();
      EXPECT_EQ(json(std::vector<json>(history.begin() + closed, history.end())), now);
      for (size_t i = 0; i < closed; ++i) {
        EXPECT_LT(history[i]["active_from"], history[i]["active_until"]);
        if (i + 1 == history.size()) continue;
        EXPECT_EQ(history[i]["active_until"], history[i + 1]["active_from"]);
      }
      with_history += closed > 0;
      ++count;
    }
    EXPECT_GT(with_history, 0u) << slug;
    EXPECT_LT(with_history, count / 2) << slug;
  }
};

TEST_F(HistoryTest, OfRecordsAndEntries) {
  for (const char* slug : {"stage", "value", "associated_people"})
    expect_history("/v2/objects/deals/records/query", "/v2/objects/deals/records", "record_id",
                   "values", slug);
  for (const char* slug : {"label", "mass_mg", "hazards", "assayed_at", "origin"})
    expect_history("/v2/objects/lab_samples/records/query", "/v2/objects/lab_samples/records",
                   "record_id", "values", slug);
  expect_history("/v2/lists/expansion/entries/query", "/v2/lists/expansion/entries", "entry_id",
                 "entry_values", "tags");
}

TEST_F(HistoryTest, NotOfWhatAttioWrites) {
  const std::string record =
      data(send("POST", kCompanies, R"({"limit":1})"))[0]["id"]["record_id"];
  const std::string path = "/v2/objects/companies/records/" + record + "/attributes/";
  for (const char* slug : {"last_interaction", "linkedin", "strongest_connection_user"}) {
    EXPECT_EQ(get(path + slug + "/values?show_historic=false").status, 200) << slug;
    expect_error(get(path + slug + "/values?show_historic=true"), 400, "validation_type",
                 "show_historic cannot be true");
  }
  EXPECT_EQ(data(get(path + "record_id/values?show_historic=true")).size(), 1u);
  EXPECT_EQ(data(get(path + "updated_at/values?show_historic=true")).size(), 0u);
  expect_error(get(path + "nope/values"), 404, "not_found", "nope");
}

TEST_F(HistoryTest, LongOnesHavePages) {
  for (const json& row : data(send("POST", kCompanies, R"({"limit":1200})"))) {
    const std::string target = fmt::format("/v2/objects/companies/records/{}/attributes/{}/values",
                                           row["id"]["record_id"].get<std::string>(),
                                           "name");
    const auto history = all(target + "?show_historic=true", 500);
    if (history.size() < 20) continue;
    EXPECT_EQ(all(target + "?show_historic=true", 7), history);
    return;
  }
  ADD_FAILURE();
}

TEST_F(HistoryTest, SingleRowsAreThoseOfTheQuery) {
  for (const json& row :
       data(send("POST", "/v2/objects/lab_samples/records/query", R"({"limit":60})")))
    EXPECT_EQ(data(get("/v2/objects/lab_samples/records/" +
                       row["id"]["record_id"].get<std::string>())),
              row);
  const json entry = data(send("POST", "/v2/lists/renewals/entries/query", R"({"limit":1})"))[0];
  EXPECT_EQ(data(get("/v2/lists/renewals/entries/" + entry["id"]["entry_id"].get<std::string>())),
            entry);
  for (const char* id : {"nonsense", "39bba25a-7997-5d27-a117-67101e6babea"})
    expect_error(get(std::string("/v2/objects/people/records/") + id), 404, "not_found", id);
}

TEST_F(HistoryTest, EntriesOfARecordAreThoseOfTheLists) {
  std::multiset<std::string> from_lists, from_records;
  for (const char* list : {"renewals", "board_watchlist", "expansion"})
    for (const json& entry : data(
             send("POST", fmt::format("/v2/lists/{}/entries/query", list), R"({"limit":5000})")))
      from_lists.insert(json::array({entry["id"]["list_id"], list, entry["id"]["entry_id"],
                                     entry["created_at"], entry["parent_record_id"]})
                            .dump());
  for (const json& row : data(send("POST", kCompanies, R"({"limit":1200})"))) {
    const std::string id = row["id"]["record_id"];
    for (const json& entry : all("/v2/objects/companies/records/" + id + "/entries", 2))
      from_records.insert(json::array({entry["list_id"], entry["list_api_slug"], entry["entry_id"],
                                       entry["created_at"], id})
                              .dump());
  }
  EXPECT_EQ(from_records, from_lists);
}

}  // namespace
}  // namespace sandbox
