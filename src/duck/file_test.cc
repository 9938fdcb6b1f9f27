#include "duck/file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "support/child_process.h"
#include "support/temporary_directory.h"

namespace ingestr::duck {
namespace {

using testing::HasSubstr;

class DuckFile : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return directory_.path() / name; }

  Error failure_of(const std::filesystem::path& file) {
    try {
      const DatabaseFile opened(engine_, file);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << file << " was opened";
    return Error(ErrorKind::internal, "");
  }

  TemporaryDirectory directory_;
  // One thread, because children are forked while it lives.
  Database engine_{Database::Settings{{"threads", "1"}}};
};

TEST_F(DuckFile, KeepsWhatWasWritten) {
  {
    DatabaseFile file(engine_, path("x.duckdb"));
    EXPECT_EQ(file.catalog(), "x");
    engine_.connect().execute("CREATE TABLE x.main.t AS SELECT 42 AS a");
    file.close();
    EXPECT_EQ(directory_.names(), std::vector<std::string>{"x.duckdb"});
  }
  const Database other;
  const DatabaseFile again(other, path("x.duckdb"));
  EXPECT_EQ(other.connect().query("FROM x.main.t"), (std::vector<Connection::Row>{{"42"}}));
}

TEST_F(DuckFile, NewFilesAreForDuckdb12AndOldOnesStayAsTheyAre) {
  const std::string version = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal";
  engine_.connect().execute(fmt::format("ATTACH '{}' AS o", path("old.duckdb").string()));
  engine_.connect().execute("DETACH o");
  for (const auto& [name, expected] : {std::pair{"new.duckdb", "v1.2.0+"}, std::pair{"old.duckdb", "v1.0.0+"}}) {
    for (int time = 0; time < 2; ++time) {
      DatabaseFile file(engine_, path(name));
      EXPECT_EQ(engine_.connect().query(version)[0][0], expected) << name;
      file.set_row_group_rows(2048);
      EXPECT_EQ(engine_.connect().query(version)[0][0], expected) << name;
      file.close();
    }
  }
}

TEST_F(DuckFile, IsCalledAsDuckdbCallsIt) {
  for (const auto& [file, name] : {std::pair{"shop.duckdb", "shop"}, {"a.b.c", "a"}, {".hidden", "hidden"}, {"...", "..."}, {"x?y", "x"}}) {
    EXPECT_EQ(own_name(path(file)), name);
    EXPECT_EQ(catalog_name(path(file)), name);
  }
  for (const auto& [file, own, here] : {std::tuple{"main.db", "main_db", "main_db"}, {"Main.db", "Main", "Main_db"}, {"memory.db", "memory", "memory_db"}}) {
    EXPECT_EQ(own_name(path(file)), own);
    EXPECT_EQ(catalog_name(path(file)), here);
  }
}

TEST_F(DuckFile, AnyNameWillDo) {
  for (const char* name : {"memory.duckdb", "temp.db", "SYSTEM", "main.duckdb", "Main.db", ".hidden", "a.b.c", "with space",
                           "it's \"x\"", "ü", "sqlite:x"}) {
    SCOPED_TRACE(name);
    DatabaseFile file(engine_, path(name));
    Connection connection = engine_.connect();
    connection.execute(
        fmt::format("CREATE TABLE \"{}\".main.t (a INTEGER)",
                    std::string(name) == "it's \"x\"" ? "it's \"\"x\"\"" : file.catalog()));
    file.close();
  }
}

TEST_F(DuckFile, ARelativeNameWithAColonIsNoExtension) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  DatabaseFile(engine_, "md:x").close();
  std::filesystem::current_path(before);
  EXPECT_EQ(directory_.names(), std::vector<std::string>{"md:x"});
}

TEST_F(DuckFile, RowGroupSizeChangesOnTheWay) {
  DatabaseFile file(engine_, path("x.duckdb"));
  Connection connection = engine_.connect();
  connection.execute("CREATE TABLE x.main.t AS SELECT i AS a FROM range(10000) r(i)");
  EXPECT_EQ(file.row_group_rows(), DatabaseFile::kDefaultRowGroupRows);
  file.set_row_group_rows(2048);
  EXPECT_EQ(file.row_group_rows(), 2048U);
  connection.execute("INSERT INTO x.main.t SELECT i FROM range(10240) r(i)");
  EXPECT_EQ(connection.query(
                "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('x.main.t')")[0][0],
            "6");
  EXPECT_EQ(connection.query("SELECT count(*) FROM x.main.t")[0][0], "20240");
}

TEST_F(DuckFile, LockedByAnotherProcess) {
  ChildProcess child([&]() -> std::string {
    const Database engine;
    const DatabaseFile file(engine, path("x.duckdb"));
    ChildProcess::report_ready();
    ::pause();
    return "";
  });
  child.wait_until_ready();
  const Error error = failure_of(path("x.duckdb"));
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_THAT(error.what(), HasSubstr(path("x.duckdb").string() + ": it is in use by "));
  EXPECT_THAT(error.what(), HasSubstr(fmt::format("(PID {})", child.id())));
}

TEST_F(DuckFile, WhatIsNoDatabase) {
  std::ofstream(path("text")) << "hello, world";
  const Error error = failure_of(path("text"));
  EXPECT_EQ(error.kind(), ErrorKind::bad_data);
  EXPECT_EQ(error.what(), "cannot open " + path("text").string() +
                              ": it is not a DuckDB database; name another file, or remove this "
                              "one if it is not needed");
  EXPECT_EQ(failure_of(directory_.path()).kind(), ErrorKind::usage);
  EXPECT_EQ(failure_of(path("missing/x.duckdb")).kind(), ErrorKind::not_found);
  EXPECT_EQ(failure_of(path("text/x.duckdb")).kind(), ErrorKind::not_found);
}

TEST_F(DuckFile, NoPermission) {
  ::chmod(directory_.path().c_str(), 0755);
  ChildProcess child([&]() -> std::string {
    // Root may do everything, so it becomes somebody.
    if (::geteuid() == 0 && ::setuid(65534) != 0) return "cannot test";
    ::chmod(directory_.path().c_str(), 0555);
    return failure_of(path("x.duckdb")).what();
  });
  EXPECT_EQ(child.wait(),
            "cannot open " + path("x.duckdb").string() +
                ": no permission to write it; change its owner or mode, or name another file");
  ::chmod(directory_.path().c_str(), 0755);
}

}  // namespace
}  // namespace ingestr::duck
