#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "data/queue.h"
#include "duck/database.h"
#include "sources/files/connectors.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kManyRows = 120'000;  // of 100 bytes: more than a sample

std::string types_of(const Schema& schema) {
  std::string text;
  for (const Column& column : schema.columns) text += fmt::format("{} {}, ", column.name, to_string(column.type));
  return text;
}

class TextTableTest : public testing::Test {
 protected:
  std::unique_ptr<Table> table(const std::string& name, const std::string& text) {
    const std::filesystem::path path = directory_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    const Connector connector = file_connectors().at(name.ends_with("csv") ? 0 : 1);  // the order of kind.cc
    source_ = connector.open_source(parse_uri(connector.schemes[0] + "://" + path.string()), {}, context_);
    return source_->table("rows");
  }
  // As a destination reads it.
  std::vector<duck::Connection::Row> read(const Relation& relation) {
    const duck::Database engine;
    duck::Connection connection = engine.connect();
    EXPECT_EQ(types_of(connection.describe(relation.select)), types_of(relation.schema));
    return connection.query(relation.select);
  }

  static std::string many(const std::string& last) {
    std::string text = "id,pad\n";
    for (int i = 0; i < kManyRows; ++i) text += fmt::format("{},{:x>90}\n", i, i);
    return text + last;
  }

  TemporaryDirectory directory_;
  World world_;
  Context context_ = world_.context();
  std::unique_ptr<Source> source_;
};

TEST_F(TextTableTest, AFileMustStayAsItIs) {
  const auto rows = table("rows.csv", "id\n1\n");
  rows->prepare({});
  const auto check = [&] {
    const duck::Database engine;
    duck::Connection connection = engine.connect();
    rows->relation({})->check(connection)->finish(1);
  };
  EXPECT_NO_THROW(check());
  std::ofstream(directory_.path() / "rows.csv") << "id\n";
  try {
    check();
    FAIL() << "nothing was noticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("rows.csv has changed while it was read; run again"));
  }
}

TEST_F(TextTableTest, ARelationHasTheDeclaredTypes) {
  const auto rows = table("rows.csv", "id,day,nothing\n1,2024-01-01,\n2,,\n");
  rows->prepare({});
  EXPECT_EQ(types_of(rows->spec().schema), "id BIGINT, day DATE, nothing NULL, ");
  const Relation relation = *rows->relation({});
  EXPECT_FALSE(relation.provisional);
  duck::Database engine;
  EXPECT_EQ(engine.connect().query(relation.select).size(), 2U);
}

TEST_F(TextTableTest, TypesOfALargeFileAreProvisionalOnlyWhereThatWillDo) {
  const auto rows = table("rows.csv", many("x,y\n"));
  rows->prepare({.provisional = true});
  EXPECT_EQ(types_of(rows->spec().schema), "id BIGINT, pad VARCHAR, ");
  EXPECT_TRUE(rows->relation({})->provisional);
  EXPECT_THROW(read(*rows->relation({})), Error);
  rows->settle_types();
  EXPECT_EQ(types_of(rows->spec().schema), "id VARCHAR, pad VARCHAR, ");
  EXPECT_FALSE(rows->relation({})->provisional);
  EXPECT_EQ(read(*rows->relation({})).back()[0], "x");

  const auto again = table("rows.csv", many("x,y\n"));
  again->prepare({});
  EXPECT_EQ(types_of(again->spec().schema), "id VARCHAR, pad VARCHAR, ");
}

TEST_F(TextTableTest, ALimitLooksAtNoMoreRows) {
  const auto rows = table("rows.csv", many("x,y,z\n"));
  rows->prepare({.limit = 3});
  EXPECT_EQ(types_of(rows->spec().schema), "id BIGINT, pad VARCHAR, ");
  EXPECT_EQ(read(*rows->relation({.limit = 3})).size(), 3U);
}

TEST_F(TextTableTest, ColumnsThatWillBeCastComeAsTheyAreWritten) {
  const ReadRequest request{.as_written = {"PRICE", "code", "ghost"}};
  const auto fields = table("rows.csv", "price,code,other\n1.50,00123,2.50\n,\"\",\n");
  fields->prepare(request);
  EXPECT_EQ(types_of(fields->spec().schema), "price VARCHAR, code VARCHAR, other DOUBLE, ");
  using Row = duck::Connection::Row;
  EXPECT_THAT(read(*fields->relation(request)),
              ElementsAre(Row{"1.50", "00123", "2.5"}, Row{std::nullopt, "", std::nullopt}));

  const auto lines = table("rows.jsonl", R"({"price":1.50,"code":"7","other":2.50})"
                                         "\n"
                                         R"({"price":{"a": 1.0},"code":null})"
                                         "\n");
  lines->prepare(request);
  EXPECT_EQ(types_of(lines->spec().schema), "price JSON, code JSON, other DOUBLE, ");
  EXPECT_TRUE(lines->spec().schema.columns[0].inferred);
  EXPECT_THAT(read(*lines->relation(request)),
              ElementsAre(Row{"1.50", "\"7\"", "2.5"}, Row{"{\"a\": 1.0}", std::nullopt, std::nullopt}));
}

TEST_F(TextTableTest, TypesThatAreFoundLaterLeaveColumnsAsTheyAreWritten) {
  const auto rows = table("rows.csv", many("x,y\n"));
  const ReadRequest request{.provisional = true, .as_written = {"id"}};
  rows->prepare(request);
  EXPECT_EQ(types_of(rows->spec().schema), "id VARCHAR, pad VARCHAR, ");
  rows->settle_types();
  EXPECT_EQ(types_of(rows->spec().schema), "id VARCHAR, pad VARCHAR, ");
}

TEST_F(TextTableTest, AnIntervalNeedsTheTypeOfItsColumnThoughItWillBeCast) {
  const auto rows = table("rows.csv", "id,day\n1,2024-01-01\n2,2024-01-02\n");
  const ReadRequest request{.incremental_key = "day",
                            .interval_start = SystemTime(std::chrono::sys_days(std::chrono::year(2024) / 1 / 2)),
                            .as_written = {"id", "day"}};
  rows->prepare(request);
  EXPECT_EQ(types_of(rows->spec().schema), "id VARCHAR, day DATE, ");
  EXPECT_EQ(read(*rows->relation(request)).size(), 1U);
}

TEST_F(TextTableTest, AnIntervalIsAConditionOnTheTypedColumn) {
  const auto rows = table("rows.csv", "id,day\n1,2024-01-01\n2,2024-01-02\n3,\n4,2024-01-04\n");
  const ReadRequest request{.incremental_key = "DAY",
                            .interval_start = SystemTime(std::chrono::sys_days(std::chrono::year(2024) / 1 / 2)),
                            .interval_end = SystemTime(std::chrono::sys_days(std::chrono::year(2024) / 1 / 4))};
  rows->prepare(request);
  const auto found = read(*rows->relation(request));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0][0], "2");
  EXPECT_EQ(found[1][0], "4");
}

TEST_F(TextTableTest, AnIntervalOfAColumnThatIsEmptyAtTheBeginningFindsItsRows) {
  std::string text = "id,pad,day\n";
  for (int i = 0; i < kManyRows; ++i) text += fmt::format("{},{:x>90},\n", i, i);
  const auto rows = table("rows.csv", text + "1,x,2024-01-02\n");
  const ReadRequest request{.incremental_key = "day",
                            .interval_start = SystemTime(std::chrono::sys_days(std::chrono::year(2024) / 1 / 2)),
                            .provisional = true};
  rows->prepare(request);
  EXPECT_EQ(types_of(rows->spec().schema), "id BIGINT, pad VARCHAR, day DATE, ");
  EXPECT_EQ(read(*rows->relation(request)).size(), 1U);
}

TEST_F(TextTableTest, AnIntervalOfWhatIsNoTimeIsRefused) {
  const auto fails = [&](const ReadRequest& request, const char* text) {
    try {
      table("rows.csv", "id,day\n1,1/2/2024\n")->prepare(request);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(text));
    }
  };
  fails({.incremental_key = "day", .interval_start = SystemTime{}}, "--incremental-key day is VARCHAR");
  fails({.incremental_key = "ghost", .interval_start = SystemTime{}}, "ghost is no column of rows; its columns are id, day");
  fails({.interval_start = SystemTime{}}, "name it with --incremental-key");
}

TEST_F(TextTableTest, ReadPushesTheSameRows) {
  const auto rows = table("rows.jsonl", R"({"id":1,"x":{"a": 1.0}})"
                                        "\n"
                                        R"({"id":2,"late":"2024-01-01T00:00:00Z"})"
                                        "\n");
  BatchQueue queue(1 << 20);
  rows->read({}, queue);
  queue.finish();
  EXPECT_EQ(types_of(rows->spec().schema), "id BIGINT, x JSON, late TIMESTAMPTZ, ");
  const auto batch = queue.next();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows(), 2);
  EXPECT_EQ(batch->schema(), rows->spec().schema);
}

TEST_F(TextTableTest, AStopEndsTheLookAtTheTypes) {
  const auto rows = table("rows.csv", many(""));
  world_.stop.request_stop();
  try {
    rows->prepare({});
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.kind()), "cancelled");
  }
}

}  // namespace
}  // namespace ingestr
