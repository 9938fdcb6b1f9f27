#include "destinations/files/sheet.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"

namespace ingestr::file_output {
namespace {

using testing::HasSubstr;

Relation one_row(const std::string& values, const std::vector<Column>& columns) {
  Relation rows;
  rows.select = "SELECT " + values;
  rows.schema.columns = columns;
  return rows;
}

class SheetTest : public testing::Test {
 protected:
  std::string line(Relation rows) {
    const Relation fitted = fit_for_sheet(connection_, std::move(rows), {});
    return connection_.query(fmt::format("SELECT {} FROM ({})", sheet_lines(fitted.schema), fitted.select)).at(0).at(0).value();
  }

  duck::Database engine_;
  duck::Connection connection_ = engine_.connect({});
};

TEST_F(SheetTest, ANumberOfMoreDigitsThanExcelHasIsText) {
  EXPECT_EQ(line(one_row("CAST(999999999999999 AS BIGINT) AS a", {{"a", TypeId::bigint}})), "<row><c><v>999999999999999</v></c></row>");
  EXPECT_EQ(line(one_row("CAST(1000000000000001 AS BIGINT) AS a", {{"a", TypeId::bigint}})),
            R"(<row><c t="inlineStr"><is><t xml:space="preserve">1000000000000001</t></is></c></row>)");
  EXPECT_EQ(line(one_row("CAST(-1200000000000000000 AS BIGINT) AS a", {{"a", TypeId::bigint}})), "<row><c><v>-1200000000000000000</v></c></row>");
}

TEST_F(SheetTest, EmptyCellsTellTheirTypes) {
  EXPECT_EQ(line(one_row("CAST(NULL AS BOOLEAN) AS a, CAST(NULL AS DATE) AS b, CAST(NULL AS VARCHAR) AS c",
                         {{"a", TypeId::boolean}, {"b", TypeId::date}, {"c", TypeId::varchar}})),
            R"(<row><c t="b"/><c s="1"/><c t="str"/></row>)");
}

TEST_F(SheetTest, WhatMarksXmlIsEscaped) {
  EXPECT_THAT(line(one_row("'<&>' || chr(13) AS a", {{"a", TypeId::varchar}})), HasSubstr(">&lt;&amp;&gt;&#13;</t>"));
  EXPECT_THAT(sheet_head({{{"a<b", TypeId::varchar}}}), HasSubstr(">a&lt;b</t>"));
}

TEST_F(SheetTest, MoreColumnsThanASheetHasAreRefused) {
  Relation rows;
  for (int i = 0; i < 16'385; ++i) rows.schema.columns.push_back({fmt::format("c{}", i), TypeId::integer});
  try {
    fit_for_sheet(connection_, rows, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("16385 columns are more than the 16384"));
  }
}

}  // namespace
}  // namespace ingestr::file_output
