#include "duck/extension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "duck/database.h"
#include "support/temporary_directory.h"

namespace ingestr::duck {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::filesystem::path& file) {
  try {
    check_extension_file(file, Extension::avro);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    return error.what();
  }
  ADD_FAILURE() << "it was taken";
  return "";
}

TEST(DuckExtension, EachLoadsFromBesideTheProgramAndAsOftenAsOneLikes) {
  const Database engine;
  Connection connection = engine.connect();
  const char* loaded =
      "SELECT string_agg(extension_name, ' ' ORDER BY extension_name) FROM duckdb_extensions() "
      "WHERE loaded AND install_mode <> 'STATICALLY_LINKED'";
  EXPECT_EQ(connection.query(loaded)[0][0], std::nullopt);
  for (int round = 0; round < 2; ++round) {
    for (const Extension extension :
         {Extension::avro, Extension::azure, Extension::httpfs, Extension::mysql,
          Extension::postgres, Extension::sqlite}) {
      load(connection, extension);
    }
  }
  EXPECT_EQ(connection.query(loaded)[0][0],
            "avro azure httpfs mysql_scanner postgres_scanner sqlite_scanner");
}

TEST(DuckExtension, OneThatIsMissingIsNamed) {
  const TemporaryDirectory directory;
  EXPECT_THAT(refusal(directory.path() / "avro.duckdb_extension"),
              AllOf(HasSubstr("the extension avro cannot be loaded; the folder lib beside the program belongs to it, so copy both, or build again ("),
                    HasSubstr((directory.path() / "avro.duckdb_extension").string() + " cannot be read")));
}

TEST(DuckExtension, OneThatWasChangedIsRefused) {
  const TemporaryDirectory directory;
  const std::filesystem::path copy = directory.path() / "avro.duckdb_extension";
  std::filesystem::copy_file(std::filesystem::path(extension_directory()) / "v1.5.5/linux_amd64/avro.duckdb_extension", copy);
  check_extension_file(copy, Extension::avro);
  std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(1'000'000);
  file.put('\x5a').put('\xa5');
  file.close();
  EXPECT_THAT(refusal(copy), HasSubstr("is not the file that the program was built with"));
}

TEST(DuckExtension, NoneIsLoadedWithoutBeingAskedFor) {
  const Database engine;
  EXPECT_THROW(engine.connect().execute("FROM read_avro('x.avro')"), Error);
  EXPECT_THROW(engine.connect().execute("SET allow_unsigned_extensions = true"), Error);
}

}  // namespace
}  // namespace ingestr::duck
