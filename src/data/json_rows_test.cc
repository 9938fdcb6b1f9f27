#include "data/json_rows.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/cells.h"

namespace ingestr {
namespace {

// Rows are given as literals; the reader wants readable bytes behind them.
class Rows {
 public:
  explicit Rows(std::vector<JsonField> fields)
      : rows_("attio records:things", std::move(fields), {"_ingestr_loaded_at"}) {}
  Rows& add(std::string text) {
    const size_t size = text.size();
    text.append(64, ' ');
    rows_.add(std::string_view(text).substr(0, size));
    return *this;
  }
  Batch take() { return rows_.take(); }

 private:
  JsonRows rows_;
};

std::vector<JsonField> record_fields() {
  return {{{"id", TypeId::json}, {"id"}},
          {{"record_id", TypeId::varchar}, {"id", "record_id"}},
          {{"created_at", TypeId::timestamp_tz}, {"created_at"}},
          {{"name", TypeId::varchar}, {"name"}},
          {{"values", TypeId::json}, {"values"}}};
}

TEST(JsonRows, FillsDeclaredColumnsAndLiftsMembers) {
  Batch batch = Rows(record_fields())
                    .add(R"({"id": {"record_id":"r1", "x": 1.50},"created_at":"1970-01-01T00:00:01.5Z",)"
                         R"("name":"a\"\u00e9","values":{"n": 12345678901234567890, "t":[ ]}})")
                    .add(R"({"values":[],"name":null})")
                    .take();
  EXPECT_EQ(cells(batch, 0), (Cells{R"({"record_id":"r1", "x": 1.50})", std::nullopt}));
  EXPECT_EQ(cells(batch, 1), (Cells{"r1", std::nullopt}));
  EXPECT_EQ(cells(batch, 2), (Cells{"1500000", std::nullopt}));
  EXPECT_EQ(cells(batch, 3), (Cells{"a\"é", std::nullopt}));
  EXPECT_EQ(cells(batch, 4), (Cells{R"({"n": 12345678901234567890, "t":[ ]})", "[]"}));
}

TEST(JsonRows, VarcharKeepsTheTextOfWhatIsNoString) {
  Batch batch = Rows(record_fields()).add(R"({"name":1.50})").add(R"({"name":{"a" : 1}})").take();
  EXPECT_EQ(cells(batch, 3), (Cells{"1.50", R"({"a" : 1})"}));
}

TEST(JsonRows, AnUnknownKeyBecomesAnInferredColumn) {
  Rows rows(record_fields());
  rows.add(R"({"name":"a"})").add(R"({"priority":7,"tags":["x"],"on":"2024-01-02"})").add(R"({"priority":null})");
  Batch batch = rows.take();
  ASSERT_EQ(batch.schema().columns.size(), 8U);
  EXPECT_EQ(batch.schema().columns[5], (Column{"priority", TypeId::bigint, true}));
  EXPECT_EQ(batch.schema().columns[6], (Column{"tags", TypeId::json, true}));
  EXPECT_EQ(batch.schema().columns[7], (Column{"on", TypeId::date, true}));
  EXPECT_EQ(cells(batch, 5), (Cells{std::nullopt, "7", std::nullopt}));
  EXPECT_EQ(cells(batch, 7), (Cells{std::nullopt, "\"2024-01-02\"", std::nullopt}));
  // The columns stay in later batches, and their types widen.
  Batch next = rows.add(R"({"priority":"high"})").take();
  EXPECT_EQ(next.schema().columns[5], (Column{"priority", TypeId::varchar, true}));
  EXPECT_EQ(cells(next, 5), (Cells{"\"high\""}));
  EXPECT_EQ(batch.schema().columns[5].type, TypeId::bigint) << "a batch that was handed on has changed";
}

TEST(JsonRows, ATakenNameGetsASuffix) {
  Batch batch = Rows(record_fields()).add(R"({"record_id":1,"ID":2,"_ingestr_loaded_at":3,"":4,"id_2":5})").take();
  std::vector<std::string> names;
  for (const Column& column : batch.schema().columns) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"id", "record_id", "created_at", "name", "values", "record_id_2", "ID_2",
                                             "_ingestr_loaded_at_2", "_", "id_2_2"}));
}

TEST(JsonRows, AValueThatDoesNotFitNamesPlaceRowColumnAndValue) {
  Rows rows(record_fields());
  rows.add("{}");
  try {
    rows.add(R"({"created_at":"yesterday"})");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(),
                 "attio records:things: row 2, column created_at: the value yesterday is no TIMESTAMPTZ");
  }
}

TEST(JsonRows, WhatIsNoObjectIsAnError) {
  for (const char* text : {"null", "[]", "{\"a\":", "{\"a\" 1}"}) {
    EXPECT_THROW(Rows(record_fields()).add(text), Error) << text;
  }
}

TEST(JsonRows, LoneSurrogatesStayInJsonAndAreReplacedInText) {
  Batch batch = Rows(record_fields()).add(R"({"name":"\ud83d","values":"\ud83d"})").take();
  EXPECT_EQ(cells(batch, 3), (Cells{"\xEF\xBF\xBD"}));
  EXPECT_EQ(cells(batch, 4), (Cells{R"("\ud83d")"}));
}

// Counts the elements of an array.
class CountingReader final : public JsonReader {
 public:
  std::string_view key() const override { return "values"; }
  void declare(BatchBuilder& builder) override { column_ = builder.add_column({"bytes", TypeId::bigint}); }
  void read(std::string_view value, BatchBuilder& builder) override {
    builder.set_integer(column_, static_cast<int64_t>(value.size()));
  }

 private:
  size_t column_ = 0;
};

TEST(JsonRows, AReaderTakesAKeysValueApartBesideItsColumn) {
  JsonRows rows("test", {{{"values", TypeId::json}, {"values"}}}, {});
  rows.add_reader(std::make_unique<CountingReader>());
  rows.add(R"({"values": [1, 2] , "later": 1}                                                                  )");
  Batch batch = rows.take();
  EXPECT_EQ(cells(batch, 0), (Cells{"[1, 2]"}));
  EXPECT_EQ(cells(batch, 1), (Cells{"6"}));
  EXPECT_EQ(batch.schema().columns.at(2).name, "later");
}

TEST(JsonRows, WholeRowsAndTextsFromOutside) {
  JsonRows rows("test", {{{"object", TypeId::varchar}, {}}, {{"n", TypeId::bigint}, {"n"}}, {{"row", TypeId::json}, {}}},
                {});
  rows.keep_whole_row_in("row");
  const std::string text = R"({"n": 1, "more": {}})";
  const std::string padded = text + std::string(64, ' ');
  rows.add(std::string_view(padded).substr(0, text.size()), {{"object", "companies"}, {"unused", "x"}});
  Batch batch = rows.take();
  ASSERT_EQ(batch.schema().columns.size(), 3U);
  EXPECT_EQ(cells(batch, 0), (Cells{"companies"}));
  EXPECT_EQ(cells(batch, 1), (Cells{"1"}));
  EXPECT_EQ(cells(batch, 2), (Cells{text}));
}

}  // namespace
}  // namespace ingestr
