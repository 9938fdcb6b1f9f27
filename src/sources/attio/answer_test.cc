#include "sources/attio/answer.h"

#include <gtest/gtest.h>

namespace ingestr::attio {
namespace {

Page page_of(const char* body) { return std::move(parse_answer(body, "/data").page); }

TEST(AttioAnswer, ARowIsKnownByItsIdWhateverTheOrderOfItsMembers) {
  const Page page = page_of(R"({"data": [
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
  const Page page = page_of(R"({"data": [{"a":1},{"a":1},{"a":2},{"id":null,"a":1}], "more": 1})");
  EXPECT_EQ(page.rows[0].key, page.rows[1].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[2].key);
  EXPECT_FALSE(page.rows[0].key == page.rows[3].key);
}

TEST(AttioAnswer, RowsStayReadableWhenThePageMoves) {
  Page page = page_of(R"({"data":[{"a":1}]})");
  const Page moved = std::move(page);
  EXPECT_EQ(moved.rows.at(0).text, R"({"a":1})");
}

TEST(AttioAnswer, WhatIsNoPageIsAnError) {
  for (const char* body : {"{}", "[]", R"({"data":null})", R"({"data":{}})", R"({"data":[null]})", R"({"data":[[]]})",
                           "7"}) {
    EXPECT_THROW(page_of(body), Error) << body;
  }
}

TEST(AttioAnswer, RowsElsewhere) {
  const Answer comments = parse_answer(R"({"data":{"id":1,"comments":[{"a":1},{"a":2}]},"pagination":{"next_cursor":"c1"}})",
                                       "/data/comments");
  EXPECT_EQ(comments.page.rows.size(), 2U);
  EXPECT_EQ(comments.next_cursor, "c1");
  const Answer one = parse_answer(R"({"pagination":{"next_cursor":null},"data":{"a":1}})", "/data", true);
  ASSERT_EQ(one.page.rows.size(), 1U);
  EXPECT_EQ(one.page.rows[0].text, R"({"a":1})");
  EXPECT_EQ(one.next_cursor, "");
  EXPECT_EQ(parse_answer(R"({"active":true})", "", true).page.rows.at(0).text, R"({"active":true})");
}

TEST(AttioAnswer, LooksIntoRows) {
  const Page page = page_of(R"({"data":[{"id":{"x":"1"},"parent":["a","b"],"one":"a","n":18446744073709551616}]})");
  EXPECT_EQ(text_at(page.rows[0], "/id/x"), "1");
  EXPECT_EQ(text_at(page.rows[0], "/n"), "");
  EXPECT_EQ(raw_at(page.rows[0], "/n"), "18446744073709551616");
  EXPECT_EQ(raw_at(page.rows[0], "/none"), "");
  EXPECT_TRUE(holds(page.rows[0], "/parent", "b"));
  EXPECT_TRUE(holds(page.rows[0], "/one", "a"));
  EXPECT_FALSE(holds(page.rows[0], "/parent", "c"));
  EXPECT_FALSE(holds(page.rows[0], "/none", "a"));
}

}  // namespace
}  // namespace ingestr::attio
