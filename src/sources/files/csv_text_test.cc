#include "sources/files/csv_text.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "duck/database.h"
#include "support/temporary_directory.h"

namespace ingestr::files {
namespace {

// What is in the copy; nothing: there is none.
std::optional<std::string> copied(const std::string& text, const std::stop_token& stop = {}) {
  duck::Connection connection = duck::Database().connect();  // an engine must not be the last one to end as the process does
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "x.csv").string();
  std::ofstream(path, std::ios::binary) << text;
  duck::FileBytes bytes(connection, path);
  const auto copy = copy_with_one_line_end(bytes, ',', directory.path().string(), stop);
  if (!copy) return std::nullopt;
  std::ostringstream found;
  found << std::ifstream(copy->path(), std::ios::binary).rdbuf();
  return found.str();
}

TEST(CsvText, RowsGetOneEnd) {
  EXPECT_EQ(copied("a,b\r\n1,2\n3,4\r\n"), "a,b\n1,2\n3,4\n");
  EXPECT_EQ(copied("a,b\n1,2\r\n\r\n3,4"), "a,b\n1,2\n\n3,4");
}

TEST(CsvText, WhatStandsInQuotesIsKept) {
  EXPECT_EQ(copied("a,\"x\r\ny\"\r\n1,\"\r\"\n2,\"\"\"\r\n\"\r\n"), "a,\"x\r\ny\"\n1,\"\r\"\n2,\"\"\"\r\n\"\n");
  EXPECT_EQ(copied("5\" of rain,x\n\"\r\n\",\"y\" \r\n"), "5\" of rain,x\n\"\r\n\",\"y\" \n") << "a quote within a field is a letter";
}

TEST(CsvText, OthersAreLeftToTheEngine) {
  for (const char* text : {"", "a,b", "a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,\"x\r\ny\"\n1,2\n"}) EXPECT_EQ(copied(text), std::nullopt) << text;
  for (const char* text : {"a,b\n1,2\r\n3,4\r5,6\n", "a,b\r\n1,2\n3,4\r", "a,b\n1,2\r\n\"3\"x,4\n"}) EXPECT_EQ(copied(text), std::nullopt) << text;
}

TEST(CsvText, AnEndMayLieInTwoPieces) {
  for (size_t bytes = 999'990; bytes < 1'000'010; ++bytes) {
    const std::string field(bytes, 'x');
    EXPECT_TRUE(copied("a\n" + field + "\r\n1\n") == "a\n" + field + "\n1\n") << bytes;
  }
}

TEST(CsvText, AStopIsHeeded) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(copied("a\n1\r\n", stop.get_token()), Error);
}

}  // namespace
}  // namespace ingestr::files
