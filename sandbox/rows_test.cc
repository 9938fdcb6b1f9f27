#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "workspace.h"

namespace sandbox {
namespace {

using Json = nlohmann::ordered_json;

std::string page(const Table& table, uint64_t offset = 0, uint64_t limit = 500,
                 const std::vector<ExtraKey>& extra = {}) {
  Query query;
  query.offset = offset;
  query.limit = limit;
  std::string text;
  table.write_page(query, extra, text);
  return "[" + text + "]";
}

std::string keys(const Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) text += (text.empty() ? "" : " ") + key;
  return text;
}

const std::map<std::string, std::string>& value_keys() {
  static const std::map<std::string, std::string> kKeys{
      {"text", "value"},
      {"number", "value"},
      {"checkbox", "value"},
      {"currency", "currency_code currency_value"},
      {"date", "value"},
      {"timestamp", "value"},
      {"rating", "value"},
      {"status", "status"},
      {"select", "option"},
      {"record-reference", "target_object target_record_id"},
      {"actor-reference", "referenced_actor_type referenced_actor_id"},
      {"location",
       "line_1 line_2 line_3 line_4 locality region postcode country_code latitude longitude"},
      {"domain", "domain root_domain"},
      {"email-address",
       "original_email_address email_address email_domain email_root_domain email_local_specifier"},
      {"phone-number", "original_phone_number country_code phone_number"},
      {"interaction", "interaction_type interacted_at owner_actor"},
      {"personal-name", "first_name last_name full_name"}};
  return kKeys;
}

TEST(Rows, EveryRowIsJsonWithTheKeysOfTheApiInItsOrder) {
  const Workspace workspace{DataOptions{}};
  std::set<std::string> types;
  for (const Object& object : workspace.objects()) {
    uint64_t count = 0;
    for (const Json& row : Json::parse(page(*object.table, 0, 5000))) {
      ++count;
      EXPECT_EQ(keys(row["id"]), "workspace_id object_id record_id");
      EXPECT_EQ(row["id"]["object_id"], to_text(object.id));
      EXPECT_TRUE(keys(row).starts_with("id created_at web_url"));
      if (!row.contains("values") || row["values"].is_null()) {
        EXPECT_FALSE(object.standard);
        continue;
      }
      EXPECT_EQ(row["values"]["record_id"][0]["value"], row["id"]["record_id"]);
      EXPECT_TRUE(!object.standard || row["values"].size() == object.attributes.size());
      for (const auto& [slug, values] : row["values"].items())
        for (const Json& value : values) {
          const std::string type = value["attribute_type"];
          types.insert(type);
          EXPECT_EQ(keys(value), "active_from active_until created_by_actor " +
                                     value_keys().at(type) + " attribute_type")
              << slug;
        }
    }
    EXPECT_EQ(count, object.table->rows().size());
  }
  EXPECT_EQ(types.size(), 17u);
}

TEST(Rows, EntriesHaveTheirOwnShape) {
  const Workspace workspace{DataOptions{}};
  std::set<std::string> companies;
  for (const Row& row : workspace.find_object("companies")->table->rows().all())
    companies.insert(to_text(row.id));
  for (const List& list : workspace.lists())
    for (const Json& row : Json::parse(page(*list.table, 0, 5000))) {
      EXPECT_EQ(keys(row), "id parent_record_id parent_object created_at entry_values");
      EXPECT_EQ(keys(row["id"]), "workspace_id list_id entry_id");
      EXPECT_EQ(keys(row["entry_values"]),
                "entry_id created_at created_by stage amount owner tags next_step");
      EXPECT_EQ(companies.contains(row["parent_record_id"]), list.parent_object == "companies");
    }
}

TEST(Rows, AreAFunctionOfSeedAndPosition) {
  DataOptions options;
  const Workspace one(options), two(options);
  options.seed = 2;
  const Workspace other(options);
  for (const char* slug : {"companies", "people", "lab_samples"}) {
    const Table &a = *one.find_object(slug)->table, &b = *two.find_object(slug)->table;
    EXPECT_EQ(page(a), page(b));
    EXPECT_NE(page(a), page(*other.find_object(slug)->table));
    const Json whole = Json::parse(page(a, 0, 100)), tail = Json::parse(page(b, 90, 10));
    for (size_t i = 0; i < 10; ++i) EXPECT_EQ(whole[90 + i], tail[i]);
  }
}

TEST(Rows, ContentStaysWhenOtherRowsComeAndGo) {
  const Workspace workspace{DataOptions{}};
  const Table& table = *workspace.find_object("companies")->table;
  const std::string before = page(table, 10, 5);
  table.rows().insert_at(3);
  EXPECT_EQ(page(table, 11, 5), before);
  table.rows().erase_at(0);
  EXPECT_EQ(page(table, 10, 5), before);
}

TEST(Rows, HaveAboutTheSizeAskedFor) {
  for (const uint64_t wanted : {3000u, 4000u, 10000u, 50000u}) {
    DataOptions options;
    options.record_bytes = wanted;
    options.records["companies"] = 500;
    const Workspace workspace(options);
    const auto size =
        static_cast<double>(page(*workspace.find_object("companies")->table).size()) / 500;
    EXPECT_NEAR(size, static_cast<double>(wanted), static_cast<double>(wanted) * 0.1);
  }
}

TEST(Rows, PagesFarAwayWorkInLargeCollections) {
  DataOptions options;
  options.records["companies"] = 5'000'000;
  const Workspace workspace(options);
  EXPECT_EQ(Json::parse(page(*workspace.find_object("companies")->table, 4'999'990, 500)).size(),
            10u);
}

TEST(Rows, ExtraKeysStartAtTheirRow) {
  const Workspace workspace{DataOptions{}};
  const Table& people = *workspace.find_object("people")->table;
  const Json rows = Json::parse(page(people, 3, 4, {{"priority", "7", 0}, {"later", "[1]", 5}}));
  EXPECT_EQ(rows[0]["priority"], 7);
  EXPECT_FALSE(rows[1].contains("later"));
  EXPECT_EQ(keys(rows[2]), "id created_at web_url values priority later");
}

}  // namespace
}  // namespace sandbox
