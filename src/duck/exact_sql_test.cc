#include "duck/exact_sql.h"

#include "data/type_evidence.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"
#include "duck/text.h"

namespace ingestr::duck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ExactSql : public testing::Test {
 protected:
  // The only value of a SELECT.
  std::optional<std::string> value(const std::string& expression) {
    return connection_.query("SELECT " + expression).at(0).at(0);
  }
  std::string failure(const std::string& expression) {
    try {
      value(expression);
    } catch (const Error& error) {
      EXPECT_EQ(to_string(error.kind()), "bad_data");
      return error.what();
    }
    ADD_FAILURE() << expression << " is accepted";
    return "";
  }
  std::vector<std::string> texts(const std::string& select) {
    std::vector<std::string> found;
    for (const auto& row : connection_.query(select)) found.push_back(row[0].value_or("~"));
    return found;
  }

  Database engine_;
  Connection connection_ = engine_.connect();
};

TEST_F(ExactSql, EachTypeTakesItsTextsAndNull) {
  struct Case {
    Type type;
    const char* text;
    const char* value;
    const char* wrong;
  };
  const Case cases[] = {
      {TypeId::boolean, "TRUE", "true", "1"},
      {TypeId::bigint, "-12", "-12", "012"},
      {TypeId::double_, "1.50", "1.5", "1e5"},
      {Type::decimal(5, 2), "123.4", "123.40", "0.001"},
      {Type::decimal(38, 0), "12345678901234567890123456789012345678", "12345678901234567890123456789012345678", "1.0"},
      {TypeId::date, "2024-02-29", "2024-02-29", "2024-02-30"},
      {TypeId::timestamp, "2024-02-29T01:02:03.5", "2024-02-29 01:02:03.5", "2024-02-29"},
      {TypeId::timestamp_tz, "2024-02-29T01:02:03+01:00", "2024-02-29 00:02:03+00", "2024-02-29 01:02:03"},
      {TypeId::varchar, "x", "x", nullptr},
      {TypeId::json, R"(["\ud83d", 1.0])", R"(["\ud83d", 1.0])", nullptr},
      {TypeId::null, nullptr, nullptr, ""},
  };
  for (const auto& [type, text, expected, wrong] : cases) {
    const auto sql = [&, t = type](const char* given) {
      const std::string argument = given == nullptr ? "NULL" : quote_text(given);
      return exact_sql(fmt::format("CAST({} AS VARCHAR)", argument), t, NumberForm::field);
    };
    if (text != nullptr) {
      EXPECT_EQ(value(sql(text)), expected) << to_string(type);
    }
    EXPECT_EQ(value(sql(nullptr)), std::nullopt) << to_string(type);
    if (wrong != nullptr) {
      EXPECT_THAT(failure(sql(wrong)), HasSubstr(fmt::format("the value {} is no ", wrong)));
    }
  }
  connection_.execute("CREATE TABLE t AS SELECT " + exact_sql("repeat('x', 20)", TypeId::json, NumberForm::json) + " AS j");
  EXPECT_EQ(connection_.describe("FROM t").columns[0].type, TypeId::json);
  EXPECT_EQ(value("j::VARCHAR FROM t"), std::string(20, 'x'));
  EXPECT_EQ(value(exact_sql("'1e5'", TypeId::double_, NumberForm::json)), "100000.0");
}

TEST_F(ExactSql, EvidenceOfManyRowsAndThreads) {
  const std::string rows = "(SELECT i::VARCHAR AS a, CASE WHEN i = 299999 THEN '0.5' WHEN i % 3 > 0 THEN i::VARCHAR END AS b, "
                           "NULL::VARCHAR AS c FROM range(300000) r(i))";
  const auto found = connection_.query(
      fmt::format("SELECT {}, {}, {} FROM {}", evidence_sql("a"), evidence_sql("b"), evidence_sql("c"), rows));
  const auto type = [](const std::optional<std::string>& evidence) { return TypeEvidence::of_text(evidence.value()).type(); };
  EXPECT_EQ(type(found.at(0).at(0)), TypeId::bigint);
  EXPECT_EQ(type(found.at(0).at(1)), TypeId::double_);
  EXPECT_EQ(type(found.at(0).at(2)), TypeId::null);
  EXPECT_EQ(type(value(evidence_sql("a") + " FROM (SELECT '' AS a WHERE false)")), TypeId::null);
}

TEST_F(ExactSql, JsonEvidence) {
  const auto found = texts("SELECT unnest(" + json_evidence_sql("line") +
                           R"() FROM (VALUES ('{"b":1,"a":null}'), (NULL), ('  '), ('{"c":[1],"b":2.5}')) t(line))");
  ASSERT_EQ(found.size(), 6);
  const std::vector<std::pair<std::string, Type>> expected = {{"b", TypeId::double_}, {"a", TypeId::null}, {"c", TypeId::json}};
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[2 * i], expected[i].first);
    EXPECT_EQ(TypeEvidence::of_text(found[2 * i + 1]).type(), expected[i].second);
  }
  EXPECT_THAT(texts("SELECT unnest(" + json_evidence_sql("line") + ") FROM (SELECT '' AS line WHERE false)"), ElementsAre());
  EXPECT_THAT(failure("len(" + json_evidence_sql("line") + R"() FROM (VALUES ('{"b":1')) t(line))"), HasSubstr("no JSON object"));
}

TEST_F(ExactSql, JsonValues) {
  const std::vector<JsonKey> keys = {{"n", TypeId::bigint}, {"s", TypeId::varchar}, {"j", TypeId::json}, {"it's", TypeId::date}};
  const auto values = [&](const std::string& line) {
    return texts("SELECT unnest(" + json_values_sql(quote_text(line), keys) + ")");
  };
  EXPECT_THAT(values(R"({"s":"a\n\u00e9", "n" : 12345678901234567890 , "it's":"2024-01-01","j": {"x": [1.50]} })"),
              ElementsAre("12345678901234567890", "a\né", R"({"x": [1.50]})", "2024-01-01"));
  EXPECT_THAT(values(R"({"s":1.50,"j":"q","n":null})"), ElementsAre("~", "1.50", "\"q\"", "~"));
  EXPECT_THAT(values(R"({"n":1,"n":2})"), ElementsAre("1", "~", "~", "~"));
  EXPECT_THAT(failure(json_values_sql(R"('{"new":1}')", keys)), HasSubstr("the key new was not there before"));
  EXPECT_THAT(failure(json_values_sql(R"('{"n":"1"}')", keys)), HasSubstr("of another type"));
  EXPECT_THAT(texts("SELECT len(" + json_values_sql("'{}'", {}) + ")"), ElementsAre("0"));
}

TEST_F(ExactSql, HasText) {
  EXPECT_EQ(value(has_text_sql("' {} '")), "true");
  for (const char* blank : {"''", "' \t '", "NULL::VARCHAR"}) EXPECT_EQ(value(has_text_sql(blank)), "false") << blank;
}

TEST_F(ExactSql, JsonFaults) {
  for (const char* line : {R"({"a":1})", "", "  ", "{}", R"({"a":{"b":[{"c":[]}]}})", R"({"a":1e400,"b":123456789012345678901234567890})"}) {
    EXPECT_EQ(value(json_fault_sql(quote_text(line))), std::nullopt) << line;
  }
  EXPECT_EQ(value(json_fault_sql("NULL::VARCHAR")), std::nullopt);
  for (const char* line : {"{", "[]", "1", R"({"a":1,})", R"({"a":1}})", R"({"a":01})", R"({"a":[1,,2]})", R"({"a":{"b":nul}})",
                           R"({"a":"x)", R"({"a":NaN})", R"({"a":.5})", R"({"a" 1})", R"({"a":1} x)", R"({"a":[-]})", R"({"a":tru})"}) {
    EXPECT_NE(value(json_fault_sql(quote_text(line))), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace ingestr::duck
