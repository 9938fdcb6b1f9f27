#include "duck/text_rows.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"

namespace ingestr::duck {
namespace {

TEST(TextRows, AreReadOneByOneOverManyChunks) {
  Database engine;
  Connection connection = engine.connect();
  TextRows rows(connection, "SELECT range::VARCHAR, CASE WHEN range % 2 = 0 THEN 'a' || chr(0) END FROM range(5000)");
  int count = 0;
  while (rows.next()) {
    EXPECT_EQ(rows.at(0), std::to_string(count));
    EXPECT_EQ(rows.at(1).value_or("none"), count % 2 == 0 ? std::string_view("a\0", 2) : "none");
    ++count;
  }
  EXPECT_EQ(count, 5000);
  EXPECT_FALSE(rows.next());  // and again
}

TEST(TextRows, OfNoRows) {
  Database engine;
  Connection connection = engine.connect();
  TextRows rows(connection, "SELECT '' WHERE false");
  EXPECT_FALSE(rows.next());
  EXPECT_FALSE(rows.next());
}

TEST(TextRows, AValueThatFailsOnItsWay) {
  Database engine;
  Connection connection = engine.connect();
  EXPECT_THROW(
      {
        TextRows rows(connection, "SELECT CASE WHEN range = 4000 THEN error('no') ELSE 'x' END FROM range(5000)");
        while (rows.next()) {
        }
      },
      Error);
}

}  // namespace
}  // namespace ingestr::duck
