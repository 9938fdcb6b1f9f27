#include "duck/failure.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ingestr::duck {
namespace {

TEST(DuckFailure, NamesWhoHoldsTheLock) {
  const Error error = open_failure(
      "DuckDB: IO Error: Could not set lock on file \"/tmp/lock.db\": Conflicting lock is held in "
      "/root/bin/python3.11 (PID 28717). See also "
      "https://duckdb.org/docs/stable/connect/concurrency",
      "data/lock.db");
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_STREQ(error.what(),
               "cannot open data/lock.db: it is in use by python3.11 (PID 28717); close it there "
               "and run again");
  EXPECT_STREQ(
      open_failure("Could not set lock on file \"x\": Conflicting lock is held in PID 7 by user me",
                   "x")
          .what(),
      "cannot open x: it is in use by PID 7; close it there and run again");
  EXPECT_STREQ(
      open_failure("Could not set lock on file \"x\": Resource temporarily unavailable", "x")
          .what(),
      "cannot open x: it is in use by another program; close it there and run again");
}

TEST(DuckFailure, EachReasonForNotOpeningHasItsKind) {
  const auto kind = [](std::string_view message) { return open_failure(message, "x").kind(); };
  EXPECT_EQ(kind("IO Error: The file \"x\" exists, but it is not a valid DuckDB database file!"),
            ErrorKind::bad_data);
  EXPECT_EQ(kind("IO Error: Could not read enough bytes from file \"x\": attempted to read 4096 bytes from location 8192"),
            ErrorKind::bad_data);
  EXPECT_EQ(kind("IO Error: Cannot open file \"x\": Permission denied"), ErrorKind::auth);
  EXPECT_EQ(kind("IO Error: Cannot open file \"x\": Read-only file system"), ErrorKind::auth);
  EXPECT_EQ(kind("IO Error: Cannot open file \"x\": Is a directory"), ErrorKind::usage);
  EXPECT_EQ(kind("IO Error: Cannot open file \"x\": No such file or directory"),
            ErrorKind::not_found);
  EXPECT_EQ(kind("IO Error: Could not write file \"x\": No space left on device"),
            ErrorKind::unavailable);
  EXPECT_STREQ(open_failure("IO Error: something new\nsecond line", "x").what(),
               "cannot open x: IO Error: something new");
}

TEST(DuckFailure, LimitsOfTheProcessAreNamed) {
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Could not write file \"x\": File too large").what(),
               "a file may not grow any more; raise the limit of this process (ulimit -f), or name a file on another file system, and run again");
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Cannot open file \"x\": Too many open files").what(),
               "too many files are open; raise the limit of this process (ulimit -n) and run again");
  EXPECT_STREQ(open_failure("IO Error: Cannot open file \"x\": Too many open files", "x").what(),
               "cannot open x: too many files are open; raise the limit of this process (ulimit -n) and run again");
}

TEST(DuckFailure, FullDiskMemoryAndInterrupt) {
  EXPECT_EQ(failure(DUCKDB_ERROR_INTERRUPT, "INTERRUPT Error: Interrupted!").kind(),
            ErrorKind::cancelled);
  EXPECT_STREQ(
      failure(DUCKDB_ERROR_IO, "IO Error: Could not write file \"x\": No space left on device")
          .what(),
      "the disk is full; make room and run again (IO Error: Could not write file \"x\": No space "
      "left on "
      "device)");
  EXPECT_STREQ(failure(DUCKDB_ERROR_OUT_OF_MEMORY, "Out of Memory Error: failed\nmore").what(),
               "DuckDB's memory limit is too low for this data; set INGESTR_DUCKDB_MEMORY_LIMIT "
               "higher, for example to "
               "1GB (Out of Memory Error: failed)");
  EXPECT_EQ(failure(DUCKDB_ERROR_TRANSACTION,
                    "Failed to commit: failed to pin block of size 256.0 KiB (1/1 used)")
                .kind(),
            ErrorKind::no_memory);
  EXPECT_EQ(failure(DUCKDB_ERROR_CONVERSION, "Conversion Error: x").kind(), ErrorKind::bad_data);
  EXPECT_STREQ(
      failure(
          DUCKDB_ERROR_INVALID_INPUT,
          R"({"exception_type":"Invalid Input","exception_message":"no such thing","position":"1"})")
          .what(),
      "DuckDB: no such thing");
}

TEST(DuckFailure, JsonNamesFileAndValue) {
  const Error error = failure(DUCKDB_ERROR_INVALID_INPUT,
                              "Invalid Input Error: Malformed JSON in file \"/data/x.json\", at byte 8 in line 3: unexpected content after document. Try "
                              "auto-detecting the JSON format");
  EXPECT_EQ(error.kind(), ErrorKind::bad_data);
  EXPECT_STREQ(error.what(), "/data/x.json, value 2: it is no JSON, from its byte 8 on: unexpected content after document");
  EXPECT_STREQ(failure(DUCKDB_ERROR_INVALID_INPUT,
                       "Invalid Input Error: \"maximum_object_size\" of 16000000 bytes exceeded while reading file \"x.json\" (>32000000 bytes).")
                   .what(),
               "x.json: it has a value of more than 16.0 MB, which is too long");
}

TEST(DuckFailure, AServersWordsComeWithoutTheStatement) {
  const std::string statement = "SELECT \"a\": 1,\n" + std::string(400, 'x');
  EXPECT_STREQ(failure(DUCKDB_ERROR_BINDER, "Binder Error: Failed to prepare query \"" + statement +
                                                "\": ERROR:  column \"nope\" does not exist\nLINE 1: select 1")
                   .what(),
               "DuckDB: column \"nope\" does not exist");
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Failed to prepare MySQL query \"" + statement +
                                            "\": Unknown column 'nope' in 'SELECT'\n\n\nLINE 1: from x('y')\n \"a\": ^")
                   .what(),
               "DuckDB: Unknown column 'nope' in 'SELECT'");
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Failed to fetch result row for MySQL query \"/* ingestr 9bf75b13 */ SELECT `id` AS `id`\n" +
                                            statement + "\": Query execution was interrupted").what(),
               "DuckDB: Query execution was interrupted");
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Failed to prepare MySQL query \"selec '{\"a\": 1}'\": You have an error in your SQL syntax; check "
                                        "the manual for the right syntax to use near 'selec '{\"a\": 1}'' at line 1").what(),
               "DuckDB: You have an error in your SQL syntax; check the manual for the right syntax to use near 'selec '{\"a\": 1}'' at line 1");
}

TEST(DuckFailure, ValuesMayBeAnyWords) {
  for (const char* value : {"Too many open files", "Timeout was reached", "No space left on device", "could not allocate block", "BlobNotFound"}) {
    const Error ours = failure(DUCKDB_ERROR_INVALID_INPUT, "Invalid Input Error: " + raised_text(Error(ErrorKind::bad_data, fmt::format("the value {} is no DATE", value))));
    EXPECT_EQ(ours.kind(), ErrorKind::bad_data);
    EXPECT_EQ(ours.what(), fmt::format("the value {} is no DATE", value));
    EXPECT_EQ(failure(DUCKDB_ERROR_CONVERSION, fmt::format("Conversion Error: Could not convert string '{}' to INT32", value)).kind(), ErrorKind::bad_data);
    EXPECT_EQ(failure(DUCKDB_ERROR_CONSTRAINT, fmt::format("Constraint Error: Duplicate key \"a: {}\" violates primary key constraint.", value)).kind(),
              ErrorKind::constraint);
  }
}

TEST(DuckFailure, AServerThatSaysNothingIsLost) {
  EXPECT_STREQ(failure(DUCKDB_ERROR_IO, "IO Error: Failed to fetch result row for MySQL query \"SELECT `id` AS `id`\": ").what(),
               "DuckDB: Lost connection to the server");
}

TEST(DuckFailure, MarksOfStatementsAreOurOwnBusiness) {
  EXPECT_STREQ(failure(DUCKDB_ERROR_BINDER, "Binder Error: Incorrect number of parameters, query: \"/* ingestr f933 */ select $1\"").what(),
               "DuckDB: Binder Error: Incorrect number of parameters, query: \"select $1\"");
  EXPECT_STREQ(failure(DUCKDB_ERROR_BINDER, "Binder Error: of \"/* ingestr 1 */ a /* ingestr 2 */ b /* ingestr 3").what(), "DuckDB: Binder Error: of \"a b ");
}

}  // namespace
}  // namespace ingestr::duck
