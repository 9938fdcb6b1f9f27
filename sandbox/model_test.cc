// Attribute definitions, options and statuses: they must agree with what rows hold.
#include <map>

#include "sandbox_fixture.h"

namespace sandbox {
namespace {

class ModelTest : public SandboxTest {
 protected:
  // What the values of a type look like where the definition says more than the type.
  void expect_agreement(const std::string& owner, const std::string& query,
                        const std::string& values_key) {
    std::map<std::string, json> definitions;
    for (const json& definition : all(owner + "/attributes", 50))
      definitions[definition["api_slug"]] = definition;
    std::set<std::string> seen, choices;
    for (const auto& [slug, definition] : definitions)
      for (const char* kind : {"options", "statuses"})
        for (const json& choice : choices_of(owner, definition, kind))
          choices.insert(choice.dump());
    for (const json& row : data(send("POST", query, R"({"limit":200})"))) {
      if (!row.contains(values_key) || row[values_key].is_null()) continue;
      for (const auto& [slug, values] : row[values_key].items()) {
        ASSERT_TRUE(definitions.contains(slug)) << owner << slug;
        const json& definition = definitions[slug];
        seen.insert(slug);
        EXPECT_TRUE(definition["is_multiselect"] || values.size() <= 1) << owner << slug;
        for (const json& value : values) expect_value(definition, value, choices);
      }
    }
    EXPECT_EQ(seen.size(), definitions.size()) << owner;
  }

  json choices_of(const std::string& owner, const json& definition, const std::string& kind) {
    if (definition["type"] != (kind == "options" ? "select" : "status")) return json::array();
    return data(get(fmt::format("{}/attributes/{}/{}?show_archived=true", owner,
                                definition["api_slug"].get<std::string>(), kind)));
  }

  static void expect_value(const json& definition, const json& value,
                           const std::set<std::string>& choices) {
    const std::string type = definition["type"];
    EXPECT_EQ(value["attribute_type"], type);
    if (type == "select" || type == "status") {
      const json& choice = value[type == "select" ? "option" : "status"];
      EXPECT_EQ(choice["id"]["attribute_id"], definition["id"]["attribute_id"]);
      EXPECT_TRUE(choices.contains(choice.dump())) << choice;
    }
  }
};

TEST_F(ModelTest, DefinitionsAgreeWithValues) {
  start({"--rate-limit=0", "--future-attribute"});
  for (const json& object : data(get("/v2/objects"))) {
    const std::string owner = "/v2/objects/" + object["api_slug"].get<std::string>();
    expect_agreement(owner, owner + "/records/query", "values");
  }
  for (const json& list : data(get("/v2/lists"))) {
    if (list["api_slug"] == "parked_ideas") continue;  // no entries, nothing seen
    const std::string owner = "/v2/lists/" + list["api_slug"].get<std::string>();
    expect_agreement(owner, owner + "/entries/query", "entry_values");
  }
}

TEST_F(ModelTest, DefinitionsHaveTheShapeOfTheApi) {
  start({});
  const auto rows = nlohmann::ordered_json::parse(get("/v2/objects/companies/attributes").body);
  std::string keys;
  for (const auto& [key, value] : rows["data"][3].items()) keys += key + " ";
  EXPECT_EQ(keys,
            "id title description api_slug type is_system_attribute is_writable is_required "
            "is_unique is_multiselect is_default_value_enabled is_archived default_value "
            "relationship created_at config ");
  const auto& team = rows["data"][4];
  EXPECT_EQ(team["api_slug"], "team");
  EXPECT_EQ(team["relationship"]["api_slug"], "company");
  EXPECT_EQ(team["relationship"]["is_multiselect"], false);
  EXPECT_EQ(team["config"]["record_reference"]["allowed_object_ids"][0],
            team["relationship"]["id"]["object_id"]);
  const json company = data(get("/v2/objects/people/attributes/company"));
  EXPECT_EQ(company["id"], json::parse(team["relationship"]["id"].dump()));
  EXPECT_EQ(company["relationship"]["id"], json::parse(team["id"].dump()));
}

TEST_F(ModelTest, BySlugAndById) {
  start({});
  const json stage = data(get("/v2/lists/renewals/attributes/stage"));
  EXPECT_EQ(stage["id"]["object_id"], "39bba25a-7997-5d27-a117-67101e6babea");
  EXPECT_EQ(stage["default_value"]["type"], "static");
  const std::string id = stage["id"]["attribute_id"];
  EXPECT_EQ(data(get("/v2/lists/renewals/attributes/" + id)), stage);
  const json statuses = data(get("/v2/lists/renewals/attributes/" + id + "/statuses"));
  EXPECT_EQ(statuses.size(), 3u);
  EXPECT_EQ(statuses[1]["target_time_in_status"], "P14D");
  EXPECT_EQ(stage["default_value"]["template"][0]["status"], statuses[0]["id"]["status_id"]);
  expect_error(get("/v2/objects/people/attributes/nope"), 404, "not_found", "nope");
  expect_error(get("/v2/objects/people/attributes/name/options"), 400, "validation_type", "select");
}

TEST_F(ModelTest, ArchivedOnesAreHiddenUntilAskedFor) {
  start({});
  const std::string samples = "/v2/objects/lab_samples/attributes",
                    hazards = samples + "/hazards/options";
  EXPECT_EQ(data(get(samples + "?show_archived=true")).size(), data(get(samples)).size() + 1);
  EXPECT_EQ(data(get(samples + "/old_code"))["is_archived"], true);
  EXPECT_EQ(data(get(hazards)).size(), 2u);
  EXPECT_EQ(data(get(hazards + "?show_archived=true"))[2]["is_archived"], true);
}

TEST_F(ModelTest, FutureAttribute) {
  start({});
  EXPECT_EQ(get("/v2/objects/lab_samples/attributes/spectrum").status, 404);
  start({"--future-attribute"});
  EXPECT_EQ(data(get("/v2/objects/lab_samples/attributes/spectrum"))["type"], "spectrum");
}

}  // namespace
}  // namespace sandbox
