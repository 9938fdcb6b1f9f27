#include "sources/attio/attribute.h"


#include <gtest/gtest.h>

#include "base/error.h"
#include "sources/attio/answer.h"
#include "support/cells.h"

namespace ingestr::attio {
namespace {

// Rows with `values` only, read with the given attributes.
class Values {
 public:
  explicit Values(std::initializer_list<Attribute> attributes)
      : rows_("test", {{{"record_id", TypeId::varchar}, {"record_id"}}}, {}) {
    rows_.add_reader(make_attribute_reader("values", std::vector<Attribute>(attributes)));
  }
  Values& add(const std::string& values) {
    const std::string row = R"({"values": )" + values + "}";
    const std::string padded = row + std::string(64, ' ');
    rows_.add(std::string_view(padded).substr(0, row.size()));
    return *this;
  }
  // "name TYPE = cell, cell"
  std::vector<std::string> take() {
    Batch batch = rows_.take();
    std::vector<std::string> out;
    for (size_t i = 1; i < batch.schema().columns.size(); ++i) {
      std::string line = batch.schema().columns[i].name + " " + to_string(batch.schema().columns[i].type) + " =";
      for (const auto& cell : cells(batch, i)) line += " " + cell.value_or("NULL");
      out.push_back(line);
    }
    return out;
  }

 private:
  JsonRows rows_;
};

using Lines = std::vector<std::string>;

TEST(AttioAttribute, ScalarTypes) {
  EXPECT_EQ(Values({{"t", "text"}, {"n", "number"}, {"c", "checkbox"}, {"d", "date"}, {"ts", "timestamp"}, {"r", "rating"},
                    {"m", "currency"}})
                .add(R"({"t":[{"value":"é\n"}],"n":[{"value":-12.5}],"c":[{"value":false}],"d":[{"value":"1970-01-02"}],)"
                     R"("ts":[{"value":"1970-01-01T00:00:01.000000999Z"}],"r":[{"value":4}],)"
                     R"("m":[{"currency_code":"EUR","currency_value":12.3456}]})")
                .add(R"({"t":[],"n":[],"c":[],"d":[],"ts":[],"r":[{"value":0}],"m":[{"currency_code":null,"currency_value":7}]})")
                .take(),
            (Lines{"t VARCHAR = é\n NULL", "n DOUBLE = -12.5 NULL", "c BOOLEAN = 0 NULL", "d DATE = 1 NULL",
                   "ts TIMESTAMPTZ = 1000000 NULL", "r SMALLINT = 4 0", "m DECIMAL(19,4) = 123456 70000",
                   "m_currency_code VARCHAR = EUR NULL"}));
}

TEST(AttioAttribute, TypesWithSeveralColumns) {
  EXPECT_EQ(
      Values({{"stage", "status"}, {"kind", "select"}, {"boss", "record-reference"}, {"by", "actor-reference"},
              {"name", "personal-name"}, {"last", "interaction"}})
          .add(R"({"stage":[{"status":{"id":{"status_id":"s1"},"title":"Open"}}],"kind":[{"option":"o1"}],)"
               R"("boss":[{"target_object":"people","target_record_id":"p1"}],)"
               R"("by":[{"referenced_actor_type":"system","referenced_actor_id":null}],)"
               R"("name":[{"first_name":"A","last_name":"B","full_name":"A B"}],)"
               R"("last":[{"interaction_type":"email","interacted_at":"1970-01-01T00:00:01Z","owner_actor":{"type":"app","id":"x"}}]})")
          .take(),
      (Lines{"stage VARCHAR = Open", "stage_id VARCHAR = s1", "kind VARCHAR = NULL", "kind_id VARCHAR = o1",
             "boss VARCHAR = p1", "boss_object VARCHAR = people", "by VARCHAR = NULL", "by_type VARCHAR = system",
             "name VARCHAR = A B", "name_first_name VARCHAR = A", "name_last_name VARCHAR = B",
             "last TIMESTAMPTZ = 1000000", "last_type VARCHAR = email", "last_owner_type VARCHAR = app",
             "last_owner_id VARCHAR = x"}));
}

TEST(AttioAttribute, ALocationHasTenParts) {
  EXPECT_EQ(Values({{"hq", "location"}})
                .add(R"({"hq":[{"line_1":"1 Rd","line_2":null,"line_3":null,"line_4":null,"locality":"Oslo","region":null,)"
                     R"("postcode":"0150","country_code":"NO","latitude":"59.91","longitude":"-10.75"}]})")
                .take(),
            (Lines{"hq_line_1 VARCHAR = 1 Rd", "hq_line_2 VARCHAR = NULL", "hq_line_3 VARCHAR = NULL",
                   "hq_line_4 VARCHAR = NULL", "hq_locality VARCHAR = Oslo", "hq_region VARCHAR = NULL",
                   "hq_postcode VARCHAR = 0150", "hq_country_code VARCHAR = NO", "hq_latitude DOUBLE = 59.91",
                   "hq_longitude DOUBLE = -10.75"}));
}

TEST(AttioAttribute, SeveralValuesMakeLists) {
  EXPECT_EQ(Values({{"domains", "domain", true}, {"tags", "select", true}, {"by", "actor-reference", true}, {"n", "number", true}})
                .add(R"({"domains":[{"domain":"a.com"},{"domain":"b.com"}],)"
                     R"("tags":[{"option":{"id":{"option_id":"o1"},"title":"x"}}],)"
                     R"("by":[{"referenced_actor_type":"system","referenced_actor_id":null}],"n":[{"value":1}, {"value":2}]})")
                .add(R"({"domains":[]})")
                .take(),
            (Lines{"domains VARCHAR[] = [a.com, b.com] []", "tags VARCHAR[] = [x] NULL", "tags_id VARCHAR[] = [o1] NULL",
                   "by VARCHAR[] = [NULL] NULL", "by_type VARCHAR[] = [system] NULL",
                   "n JSON = [{\"value\":1}, {\"value\":2}] NULL"}));
}

TEST(AttioAttribute, WhatWeDoNotKnowStaysJson) {
  EXPECT_EQ(Values({{"mood", "hologram"}}).add(R"({"mood":[{"x": 1.50}],"later":[{"value":"y"}]})").take(),
            (Lines{"mood JSON = [{\"x\": 1.50}]", "later JSON = [{\"value\":\"y\"}]"}));
}

TEST(AttioAttribute, NumbersOfAnySizeAreRead) {
  EXPECT_EQ(Values({{"n", "number"}, {"m", "currency"}, {"x", "hologram"}})
                .add(R"({"n":[{"value":18446744073709551616}],"m":[{"currency_value":123456789012345.6789}],"x":[1e400]})")
                .take(),
            (Lines{"n DOUBLE = 1.8446744073709552e+19", "m DECIMAL(19,4) = 1234567890123456789",
                   "m_currency_code VARCHAR = NULL", "x JSON = [1e400]"}));
}

TEST(AttioAttribute, AnAttributeWithoutAValueIsStillAColumn) {
  EXPECT_EQ(Values({{"t", "text"}}).add("{}").add("null").take(), (Lines{"t VARCHAR = NULL NULL"}));
}

TEST(AttioAttribute, TakenNamesGetASuffix) {
  EXPECT_EQ(Values({{"record_id", "text"}, {"stage", "status"}, {"stage_id", "text"}, {"STAGE", "text"}}).add("{}").take(),
            (Lines{"record_id_2 VARCHAR = NULL", "stage VARCHAR = NULL", "stage_id_2 VARCHAR = NULL",
                   "stage_id VARCHAR = NULL", "STAGE_2 VARCHAR = NULL"}));
}

TEST(AttioAttribute, AValueThatDoesNotFitNamesTheAttribute) {
  for (const char* values : {R"({"d":[{"value":"soon"}]})", R"({"d":[{"value":"2024-01-01"},{"value":"2024-01-02"}]})",
                             R"({"d":{"value":1}})"}) {
    Values reader({{"d", "date"}});
    try {
      reader.add(values);
      ADD_FAILURE() << values;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("attribute d (date)"), std::string::npos) << error.what();
    }
  }
}

Page page_of(const char* body) { return std::move(parse_answer(body, "/data").page); }

TEST(AttioAttribute, DefinitionsAreRead) {
  const Page page = page_of(R"({"data":[{"api_slug":"a","type":"text","is_multiselect":false},
                                        {"type":"select","api_slug":"b","is_multiselect":true,"more":1}]})");
  const std::vector<Attribute> attributes = read_attributes(page);
  ASSERT_EQ(attributes.size(), 2U);
  EXPECT_EQ(attributes[1].slug, "b");
  EXPECT_TRUE(attributes[1].multiple);
  EXPECT_THROW(read_attributes(page_of(R"({"data":[{"api_slug":"a"}]})")), Error);
}

}  // namespace
}  // namespace ingestr::attio
