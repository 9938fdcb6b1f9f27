#include "sources/attio/answer.h"

#include <gtest/gtest.h>

namespace ingestr::attio {
namespace {

TEST(AttioAnswer, ARowIsKnownByItsIdWhateverTheOrderOfItsMembers) {
  const Page page = parse_page(R"({"data": [
      {"id": {"workspace_id": "w", "record_id": "1"}, "n": 1},
      {"n": 2, "id": {"record_id" :"1","workspace_id":"w" }},
      {"id": {"workspace_id": "1", "record_id": "w"}},
      {"id": {"workspace_id": "w", "record_id": "2"}}]})");
  ASSERT_EQ(page.rows.size(), 4U);
  EXPECT_EQ(page.rows[0].key, page.rows[1].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[2].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[3].key);
  EXPECT_EQ(page.rows[1].text, R"({"n": 2, "id": {"record_id" :"1","workspace_id":"w" }})");
}

TEST(AttioAnswer, ARowWithoutAnIdIsKnownByItsText) {
  const Page page = parse_page(R"({"data": [{"a":1},{"a":1},{"a":2},{"id":null,"a":1}], "more": 1})");
  EXPECT_EQ(page.rows[0].key, page.rows[1].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[2].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[3].key);
}

TEST(AttioAnswer, RowsStayReadableWhenThePageMoves) {
  Page page = parse_page(R"({"data":[{"a":1}]})");
  const Page moved = std::move(page);
  EXPECT_EQ(moved.rows.at(0).text, R"({"a":1})");
}

TEST(AttioAnswer, WhatIsNoPageIsAnError) {
  for (const char* body : {"{}", "[]", R"({"data":null})", R"({"data":{}})", R"({"data":[null]})", R"({"data":[[]]})",
                           "7"}) {
    EXPECT_THROW(parse_page(body), Error) << body;
  }
}

}  // namespace
}  // namespace ingestr::attio
