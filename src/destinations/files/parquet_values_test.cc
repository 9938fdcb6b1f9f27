#include "destinations/files/parquet_values.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"
#include "duck/text.h"

namespace ingestr::file_output {
namespace {

using testing::HasSubstr;

class ParquetValuesTest : public testing::Test {
 protected:
  // The fault of the value; empty: it is as it was.
  std::string fault(const std::string& value, const std::string& name = "x") {
    const std::string select = fmt::format("SELECT {} AS {} UNION ALL SELECT NULL", value, duck::quote_name(name));
    const Schema columns = connection_.describe(select);
    const std::string written = fmt::format("SELECT {} FROM ({})", parquet_values(columns), select);
    EXPECT_EQ(connection_.describe(written).columns, columns.columns);
    try {
      EXPECT_EQ(connection_.query(written), connection_.query(select)) << value;
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_data);
      return error.what();
    }
  }

  duck::Database engine_;
  duck::Connection connection_ = engine_.connect({});
};

TEST_F(ParquetValuesTest, MostAreAsTheyAre) {
  for (const char* value : {"1", "'infinity'", "'infinity'::DOUBLE", "DATE '0044-03-15 (BC)'", "TIMESTAMP '9999-12-31 23:59:59.999999'", "[DATE '2024-02-29', NULL]",
                            "TIMESTAMPTZ '2024-01-01 00:00:00+00'", "[[TIMESTAMP '2024-01-01']]", "CAST([] AS DATE[])", "INTERVAL '14 months 3 days 1.5 seconds'",
                            "[INTERVAL '90 minutes', NULL]", "INTERVAL '0 days'"}) {
    EXPECT_EQ(fault(value), "");
  }
}

TEST_F(ParquetValuesTest, InfiniteOnesAreRefused) {
  for (const char* value : {"DATE 'infinity'", "DATE '-infinity'", "[DATE '2024-01-01', DATE 'infinity']"}) {
    EXPECT_EQ(fault(value, "my \"day"), "column my \"day has infinite dates, which no Parquet file holds; load it as text: --columns my \"day:varchar") << value;
  }
  for (const char* value : {"TIMESTAMP 'infinity'", "TIMESTAMPTZ '-infinity'", "[[TIMESTAMP 'infinity'], NULL]"}) {
    EXPECT_THAT(fault(value), HasSubstr("column x has infinite timestamps")) << value;
  }
}

TEST_F(ParquetValuesTest, IntervalsBelowZeroOrTooFineAreRefused) {
  for (const char* value : {"-1 month", "-14 months", "-1 day", "-1 second", "-1 hour", "1 month -1 day", "-0.001 seconds", "-90 minutes", "0.000001 seconds", "1.0015 seconds"}) {
    EXPECT_THAT(fault(fmt::format("INTERVAL '{}'", value)), HasSubstr("column x has intervals below zero, or with parts of a millisecond")) << value;
    EXPECT_THAT(fault(fmt::format("[INTERVAL '{}']", value)), HasSubstr("column x has intervals")) << value;
  }
}

}  // namespace
}  // namespace ingestr::file_output
