// The part of the destination suite that is about values: what lands is what was sent.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/error.h"
#include "conformance/destination_suite.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;

struct TypeCase {
  Type type;
  std::vector<std::string> values;
};

std::vector<TypeCase> type_cases() {
  return {
      {TypeId::boolean, {"true", "false"}},
      {TypeId::smallint, {"0", "-32768", "32767"}},
      {TypeId::integer, {"0", "-2147483648", "2147483647"}},
      {TypeId::bigint, {"0", "-9223372036854775808", "9223372036854775807"}},
      {TypeId::real, {"0.5", "-1.25"}},
      {TypeId::double_, {"0.1", "-1.7976931348623157e+308"}},
      {Type::decimal(4, 1), {"-999.9", "0.5"}},
      {Type::decimal(9, 2), {"1234567.89"}},
      {Type::decimal(19, 4), {"-123456789012345.6789", "0.0001"}},
      {Type::decimal(38, 0), {"99999999999999999999999999999999999999", "-1"}},
      {TypeId::varchar,
       {"", "text", "it's \"quoted\"", "zwölf Böxkämpfer 😀", "line\nbreak\ttab", "NULL"}},
      {TypeId::blob, {std::string("\x00\xff\x80 bytes", 9), ""}},
      {TypeId::date, {"1970-01-01", "2026-11-24", "0001-01-01", "9999-12-31"}},
      {TypeId::time, {"00:00:00", "23:59:59.999999"}},
      {TypeId::timestamp, {"2026-11-24T07:05:09.123456", "1969-12-31T23:59:59.999999"}},
      {TypeId::timestamp_tz, {"2026-11-24T07:05:09.123456Z", "0001-01-01T00:00:00Z"}},
      {TypeId::uuid,
       {"f3c847af-95b7-559c-a5ac-3bf4c2723f7c", "00000000-0000-0000-0000-000000000000"}},
      {TypeId::interval, {"14 -3 1500000", "0 0 0"}},
      {TypeId::json, {"{}", "[1, 2]", "\"text\"", "1.50", "null"}},
      {Type::list_of(TypeId::varchar), {"|a|~|it's|", "|", "||"}},
      {Type::list_of(TypeId::bigint), {"|1|~|-3|"}},
      {Type::list_of(Type::decimal(9, 2)), {"|1.50|"}},
      {TypeId::null, {}},
  };
}

TEST_P(DestinationSuite, EveryTypeKeepsItsValuesAndNull) {
  for (const TypeCase& type_case : type_cases()) {
    if (!has(type_case.type)) continue;
    SCOPED_TRACE(to_string(type_case.type));
    const Schema schema{{{"n", TypeId::bigint, false}, {"value", type_case.type, false}}};
    Rows rows = {{"0", std::nullopt}};
    for (const std::string& value : type_case.values)
      rows.push_back({std::to_string(rows.size()), value});
    rows.push_back({std::to_string(rows.size()), std::nullopt});
    load(schema, rows);
    EXPECT_EQ(read(), rows);
    const Type landed = type_case.type.id == TypeId::null ? Type(TypeId::varchar) : type_case.type;
    EXPECT_EQ(to_string(harness_->schema(target_).columns[1].type), to_string(landed));
  }
}

TEST_P(DestinationSuite, EveryTypeMayBeTheOnlyColumnAndAllNull) {
  for (const TypeCase& type_case : type_cases()) {
    if (!has(type_case.type)) continue;
    SCOPED_TRACE(to_string(type_case.type));
    load({{{"value", type_case.type, false}}}, Rows(3, Cells{std::nullopt}));
    EXPECT_EQ(read(), Rows(3, Cells{std::nullopt}));
  }
}

TEST_P(DestinationSuite, JsonIsKeptCharacterByCharacter) {
  const Schema schema{{{"value", TypeId::json, false}}};
  const Rows rows = {{R"({"b":1,"a":2,"b":3})"},
                     {R"( { "spaces" : [ 1 ,2 ] } )"},
                     {R"({"half":"\ud83d","escaped":"\u00e9\/\t","é":"é"})"},
                     {R"([1e400,-0,1.0,1.10,1E+2,)" + std::string(400, '7') + "]"},
                     {R"({"nul":"\u0000"})"},
                     {std::string(200, '[') + std::string(200, ']')},
                     {"\"" + std::string(100'000, 'x') + "\""}};
  load(schema, rows);
  EXPECT_EQ(read(), rows);
}

TEST_P(DestinationSuite, RowsKeepTheirOrder) {
  const Schema schema{{{"n", TypeId::bigint, false},
                       {"text", TypeId::varchar, false},
                       {"id", TypeId::uuid, false}}};
  Rows all;
  std::vector<Batch> batches;
  for (const int size : {1, 500, 5000, 2048, 3}) {
    Rows rows;
    for (int i = 0; i < size; ++i) {
      const size_t n = all.size() + rows.size();
      rows.push_back({std::to_string(n), fmt::format("row {}", n),
                      fmt::format("00000000-0000-0000-0000-{:012}", n)});
    }
    batches.push_back(batch_of(schema, rows));
    all.insert(all.end(), rows.begin(), rows.end());
  }
  load(schema, std::move(batches));
  EXPECT_TRUE(has_rows(all));
}

TEST_P(DestinationSuite, WideRowsOfGrowingWidth) {
  const Schema schema{{{"n", TypeId::bigint, false}, {"text", TypeId::json, false}}};
  Rows all;
  std::vector<Batch> batches;
  for (const size_t width : {10U, 300U, 3000U, 30'000U}) {
    for (int batch = 0; batch < 6; ++batch) {
      Rows rows;
      for (int i = 0; i < 400; ++i) {
        const std::string n = std::to_string(all.size() + rows.size());
        rows.push_back({n, "\"" + n + std::string(width, 'x') + "\""});
      }
      batches.push_back(batch_of(schema, rows));
      all.insert(all.end(), rows.begin(), rows.end());
    }
  }
  load(schema, std::move(batches));
  EXPECT_TRUE(has_rows(all));  // no EXPECT_EQ: nobody reads 80 MB
}

TEST_P(DestinationSuite, LargeValues) {
  const Schema schema{{{"value", TypeId::json, false}, {"text", TypeId::varchar, false}}};
  const std::string large = "\"" + std::string(harness_->quirks().large_value, 'x') + "\"";
  const Rows rows = {{"1", "before"}, {large, large}, {"2", "after"}};
  load(schema, rows);
  EXPECT_TRUE(read() == rows);
}

TEST_P(DestinationSuite, ColumnsThatComeLater) {
  const Schema first{{{"id", TypeId::bigint, false}}};
  Schema second = first;
  second.columns.push_back({"later \"one\"", TypeId::varchar, true});
  Schema third = second;
  third.columns.push_back({"number", TypeId::bigint, true});
  third.columns.push_back({"known", TypeId::date, false});
  std::vector<Batch> batches;
  batches.push_back(batch_of(first, {{"1"}}));
  batches.push_back(batch_of(first, {}));
  batches.push_back(batch_of(second, {{"2", "\"two\""}}));
  batches.push_back(batch_of(second, {{"3", std::nullopt}}));
  batches.push_back(batch_of(third, {{"4", "true", "44", "2026-11-24"}}));
  load_timestamp_ = true;
  load(first, std::move(batches));

  const std::string time = "2026-11-24T08:00:00Z";
  EXPECT_EQ(read(), (Rows{{"1", std::nullopt, std::nullopt, std::nullopt, time},
                          {"2", "two", std::nullopt, std::nullopt, time},
                          {"3", std::nullopt, std::nullopt, std::nullopt, time},
                          {"4", "true", "44", "2026-11-24", time}}));
  const Schema columns = harness_->schema(target_);
  EXPECT_EQ(columns.columns.back().name, "_ingestr_loaded_at");
  EXPECT_EQ(to_string(columns.columns.back().type), "TIMESTAMPTZ");
  EXPECT_EQ(to_string(columns.columns[2].type), "BIGINT");
}

TEST_P(DestinationSuite, ColumnsThatComeAfterNoRowAtAll) {
  const Schema first{{{"id", TypeId::bigint, false}}};
  Schema second = first;
  second.columns.push_back({"later", TypeId::boolean, true});
  std::vector<Batch> batches;
  batches.push_back(batch_of(second, {{"1", "true"}}));
  load(first, std::move(batches));
  EXPECT_EQ(read(), (Rows{{"1", "true"}}));
}

struct DecodeCase {
  Type type;
  std::string json;
  std::optional<std::string> value;
};

TEST_P(DestinationSuite, InferredColumnsGetTheirTypes) {
  const std::vector<DecodeCase> cases = {
      {TypeId::boolean, "true", "true"},
      {TypeId::bigint, "-9223372036854775808", "-9223372036854775808"},
      {Type::decimal(38, 0), "99999999999999999999999999999999999999",
       "99999999999999999999999999999999999999"},
      {Type::decimal(6, 3), "-12.500", "-12.500"},
      {TypeId::double_, "1e3", "1000.0"},
      {TypeId::double_, "0.1", "0.1"},
      {TypeId::date, "\"2026-11-24\"", "2026-11-24"},
      {TypeId::timestamp, "\"2026-11-24T07:05:09\"", "2026-11-24T07:05:09"},
      {TypeId::timestamp_tz, "\"2026-11-24T07:05:09.123456+05:30\"", "2026-11-24T01:35:09.123456Z"},
      {TypeId::timestamp_tz, "\"2026-11-24 07:05:09-0800\"", "2026-11-24T15:05:09Z"},
      {TypeId::uuid, "\"f3c847af-95b7-559c-a5ac-3bf4c2723f7c\"",
       "f3c847af-95b7-559c-a5ac-3bf4c2723f7c"},
      {TypeId::json, R"({"a":[1,  2],"b":"\ud83d"})", R"({"a":[1,  2],"b":"\ud83d"})"},
      {TypeId::json, "\"text\"", "\"text\""},
      {TypeId::varchar, R"("it's \"quoted\" \u00e9\ud83d\ude00\n")", "it's \"quoted\" é😀\n"},
      {TypeId::varchar, R"("half \ud83d")", R"(half \ud83d)"},
      {TypeId::varchar, "\"\"", ""},
      {TypeId::varchar, "\"null\"", "null"},
      {TypeId::varchar, "1.50", "1.50"},
      {TypeId::varchar, "1e400", "1e400"},
      {TypeId::varchar, "false", "false"},
      {TypeId::varchar, R"({"a": 1})", R"({"a": 1})"},
      {TypeId::null, "null", std::nullopt},
  };
  Schema schema{{{"n", TypeId::bigint, false}}};
  Cells values = {"1"};
  Cells json_null = {"2"};
  Cells sql_null = {"3"};
  Cells expected = values;
  Rows expected_nulls = {{"2"}, {"3"}};
  for (const DecodeCase& one : cases) {
    schema.columns.push_back({fmt::format("c{}", schema.columns.size()), one.type, true});
    values.push_back(one.json);
    json_null.push_back(one.type.id == TypeId::json ? std::nullopt
                                                    : std::optional<std::string>("null"));
    sql_null.emplace_back(std::nullopt);
    expected.push_back(one.value);
    for (Cells& row : expected_nulls) row.emplace_back(std::nullopt);
  }
  load(schema, {values, json_null, sql_null});
  EXPECT_EQ(read(), (Rows{expected, expected_nulls[0], expected_nulls[1]}));
  const Schema columns = harness_->schema(target_);
  for (size_t i = 1; i < schema.columns.size(); ++i) {
    const Type& type = schema.columns[i].type;
    EXPECT_EQ(to_string(columns.columns[i].type),
              type.id == TypeId::null ? "VARCHAR" : to_string(type));
  }
}

TEST_P(DestinationSuite, InferredColumnsOfManyRowsGetTheirTypes) {
  const Schema schema{
      {{"n", TypeId::bigint, true}, {"text", TypeId::varchar, true}, {"day", TypeId::date, true}}};
  Rows all;
  std::vector<Batch> batches;
  for (int batch = 0; batch < 20; ++batch) {
    Rows rows;
    for (int i = 0; i < 1000; ++i) {
      const std::string n = std::to_string(batch * 1000 + i);
      rows.push_back({n, "\"" + n + "\"", "\"2026-01-01\""});
      all.push_back({n, n, "2026-01-01"});
    }
    batches.push_back(batch_of(schema, rows));
  }
  load(schema, std::move(batches));
  EXPECT_TRUE(has_rows(all));
}

TEST_P(DestinationSuite, AValueThatDoesNotFitIsNamed) {
  const Schema schema{{{"n", TypeId::bigint, false}, {"id", TypeId::uuid, false}}};
  Rows good;
  for (int i = 0; i < 3000; ++i) good.push_back({"1", "f3c847af-95b7-559c-a5ac-3bf4c2723f7c"});
  std::vector<Batch> batches;
  batches.push_back(batch_of(schema, good));
  good[2500][1] = "not a uuid";
  batches.push_back(batch_of(schema, good));
  load_old();
  try {
    load(schema, std::move(batches));
    FAIL() << "landed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(), "row 5501, column id: the value not a uuid is no UUID");
  }
}

}  // namespace
}  // namespace ingestr
