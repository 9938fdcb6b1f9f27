#include "duck/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "duck/database.h"

namespace ingestr::duck {
namespace {

using testing::HasSubstr;

ErrorKind kind_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::internal;
}

TEST(DuckConnection, QueryGivesTexts) {
  const Database engine;
  Connection connection = engine.connect();
  const auto rows = connection.query(
      "SELECT i, NULL AS nothing, repeat('x', i::INTEGER) AS text, TIMESTAMPTZ '2026-11-24 "
      "07:00:00+01' AS time "
      "FROM range(3000) r(i)");
  ASSERT_EQ(rows.size(), 3000U);
  EXPECT_EQ(rows[2999][0], "2999");
  EXPECT_EQ(rows[5][1], std::nullopt);
  EXPECT_EQ(rows[20][2], std::string(20, 'x'));
  EXPECT_EQ(rows[0][3], "2026-11-24 06:00:00+00");
  EXPECT_EQ(connection.query("SELECT 1 WHERE false").size(), 0U);
}

TEST(DuckConnection, DescribeGivesOurTypes) {
  const Database engine;
  Connection connection = engine.connect();
  const Schema schema = connection.describe(
      "SELECT true AS a, 1::TINYINT AS b, 1::USMALLINT AS c, 1::UINTEGER AS d, 1::UBIGINT AS e, "
      "1.50::DECIMAL(9,2) AS f, "
      "'{}'::JSON AS g, [['x']] AS h, {'a': 1} AS i, 1::HUGEINT AS j, '1 day'::INTERVAL AS k, "
      "now()::TIMESTAMP_MS AS l, 'a'::BLOB AS m, array_value(1, 2) AS n, NULL AS o");
  std::string types;
  for (const Column& column : schema.columns)
    types += column.name + " " + to_string(column.type) + "\n";
  EXPECT_EQ(types,
            "a BOOLEAN\nb SMALLINT\nc INTEGER\nd BIGINT\ne DECIMAL(20,0)\nf DECIMAL(9,2)\ng "
            "JSON\nh VARCHAR[][]\n"
            "i VARCHAR\nj VARCHAR\nk INTERVAL\nl TIMESTAMP\nm BLOB\nn INTEGER[]\no INTEGER\n");
  EXPECT_THROW(connection.describe("FROM nothing"), Error);
}

TEST(DuckConnection, ErrorsSayWhat) {
  const Database engine;
  Connection connection = engine.connect();
  try {
    connection.execute("SELECT 'a'::BIGINT");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("Could not convert string 'a' to INT64"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
  }
  EXPECT_THROW(connection.query("SELEC 1"), Error);
  EXPECT_EQ(kind_of([] { Database(Database::Settings{{"memory_limit", "much"}}); }),
            ErrorKind::usage);
  EXPECT_EQ(kind_of([] { Database(Database::Settings{{"no_such_setting", "1"}}); }),
            ErrorKind::usage);
}

TEST(DuckConnection, TransactionsRollBackUnlessCommitted) {
  const Database engine;
  Connection connection = engine.connect();
  connection.execute("CREATE TABLE t (a INTEGER)");
  {
    Transaction transaction(connection);
    connection.execute("INSERT INTO t VALUES (1)");
    EXPECT_THROW(connection.execute("INSERT INTO t VALUES ('x')"), Error);
  }
  {
    Transaction transaction(connection);
    connection.execute("INSERT INTO t VALUES (2)");
  }
  {
    Transaction transaction(connection);
    connection.execute("INSERT INTO t VALUES (3)");
    transaction.commit();
  }
  EXPECT_EQ(connection.query("FROM t"), (std::vector<Connection::Row>{{"3"}}));
}

TEST(DuckConnection, AStopInterruptsWhatRunsAndNothingLater) {
  const Database engine;
  std::stop_source stop;
  Connection connection = engine.connect(stop.get_token());
  connection.execute("CREATE SEQUENCE progress");
  std::jthread stopper([&] {
    Connection other = engine.connect();
    while (!other.query("SELECT last_value FROM duckdb_sequences()")[0][0])
      std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(kind_of([&] {
              connection.execute("SELECT count(nextval('progress')) FROM range(100000000000)");
            }),
            ErrorKind::cancelled);
  EXPECT_EQ(connection.query("SELECT 1").size(), 1U);
}

TEST(DuckConnection, AStopDoesNotInterruptWhatMakesChangesDurable) {
  const Database engine;
  std::stop_source stop;
  Connection connection = engine.connect(stop.get_token());
  connection.execute("CREATE SEQUENCE progress; CREATE TABLE t (a BIGINT)");
  const std::jthread stopper([&] {
    Connection other = engine.connect();
    while (!other.query("SELECT last_value FROM duckdb_sequences()")[0][0])
      std::this_thread::yield();
    stop.request_stop();
  });
  connection.finish("INSERT INTO t SELECT max(nextval('progress')) FROM range(3000000)");
  EXPECT_TRUE(stop.stop_requested());
  EXPECT_EQ(connection.query("FROM t"), (std::vector<Connection::Row>{{"3000000"}}));
}

}  // namespace
}  // namespace ingestr::duck
