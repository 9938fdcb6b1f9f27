#include "duck/table_appender.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"
#include "support/batches.h"

namespace ingestr::duck {
namespace {

using Rows = std::vector<Connection::Row>;

class DuckTableAppender : public testing::Test {
 protected:
  DuckTableAppender() {
    connection_.execute("CREATE TABLE t (n BIGINT, id UUID, value JSON, tags VARCHAR[])");
  }

  TableAppender appender(uint64_t earlier_rows = 0) {
    return TableAppender(connection_, "memory", "main", "t", schema_, earlier_rows);
  }
  static std::string uuid(int n) {
    return "00000000-0000-0000-0000-00000000" + std::to_string(1000 + n);
  }

  // Rows with NULLs in a pattern of seven, which no byte of a bitmap divides.
  static std::vector<Cells> many_rows(int count) {
    std::vector<Cells> rows;
    for (int i = 0; i < count; ++i) {
      const std::string n = std::to_string(i);
      rows.push_back({n, uuid(i), i % 7 == 0 ? std::nullopt : std::optional(n),
                      i % 7 == 3 ? std::nullopt : std::optional("|" + n + "|~|")});
    }
    return rows;
  }

  Schema schema_{{{"n", TypeId::bigint, false},
                  {"id", TypeId::uuid, false},
                  {"value", TypeId::json, false},
                  {"tags", Type::list_of(TypeId::varchar), false}}};
  Database engine_;
  Connection connection_ = engine_.connect();
};

TEST_F(DuckTableAppender, TakesSlicesOfABatch) {
  Batch batch = batch_of(schema_, many_rows(5000));
  TableAppender rows = appender();
  rows.append(batch, 0, 8, 100);
  rows.append(batch, 8, 2040, 100);
  rows.append(batch, 2048, 2952, 100);
  rows.flush();
  const Rows read = connection_.query("SELECT n, id, value, tags FROM t");
  ASSERT_EQ(read.size(), 5000U);
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(i);
    const Connection::Row expected = {
        n, uuid(i), i % 7 == 0 ? std::nullopt : std::optional(n),
        i % 7 == 3 ? std::nullopt : std::optional("[" + n + ", NULL]")};
    ASSERT_EQ(read[static_cast<size_t>(i)], expected);
  }
}

TEST_F(DuckTableAppender, TakesABatchThatBeginsLater) {
  Batch batch = batch_of(schema_, many_rows(20));
  batch.array()->offset = 8;
  batch.array()->length = 12;
  TableAppender rows = appender();
  rows.append(batch, 0, 12, 100);
  rows.flush();
  EXPECT_EQ(connection_.query("SELECT min(n), max(n), count(*) FROM t"), (Rows{{"8", "19", "12"}}));
}

TEST_F(DuckTableAppender, JsonIsNotParsed) {
  Batch batch = batch_of(schema_, {{"1", std::nullopt, "no {json", std::nullopt}});
  TableAppender rows = appender();
  rows.append(batch, 0, 1, 10);
  rows.flush();
  EXPECT_EQ(connection_.query("SELECT value FROM t"), (Rows{{"no {json"}}));
}

TEST_F(DuckTableAppender, WhatWasNotFlushedIsDropped) {
  {
    Batch batch = batch_of(schema_, many_rows(3));
    TableAppender rows = appender();
    rows.append(batch, 0, 3, 10);
  }
  EXPECT_EQ(connection_.query("FROM t"), Rows{});
}

TEST_F(DuckTableAppender, NamesTheValueThatDoesNotFit) {
  std::vector<Cells> cells = many_rows(3000);
  cells[2999][1] = "it's no uuid";
  Batch batch = batch_of(schema_, cells);
  TableAppender rows = appender(100);
  try {
    rows.append(batch, 0, 3000, 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_STREQ(error.what(), "row 3100, column id: the value it's no uuid is no UUID");
  }
}

TEST_F(DuckTableAppender, WantsTheTable) {
  EXPECT_THROW(TableAppender(connection_, "memory", "main", "nothing", schema_), Error);
}

}  // namespace
}  // namespace ingestr::duck
