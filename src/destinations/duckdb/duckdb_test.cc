#include "destinations/duckdb/duckdb.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/error.h"
#include "destinations/duckdb/footprint.h"
#include "destinations/duckdb/store.h"
#include "duck/database.h"
#include "duck/file.h"
#include "engine/strategy.h"
#include "support/batches.h"
#include "support/child_process.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<Cells>;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DuckdbDestinationTest : public testing::Test {
 protected:
  fs::path path(const std::string& name = "x.duckdb") const { return directory_.path() / name; }
  std::unique_ptr<Destination> open(const std::string& name = "x.duckdb") {
    return open_duckdb(parse_uri("duckdb:///" + path(name).string()), world_.context());
  }
  Plan plan(const Schema& schema) const {
    PlanFacts facts;
    facts.target = target_;
    facts.landed = schema;
    return make_plan(facts);
  }
  // A whole run.
  void load(const Schema& schema, const Rows& rows) {
    const auto destination = open();
    const Plan steps = plan(schema);
    destination->apply(steps.before);
    const auto appender = destination->append(steps.landing, schema);
    appender->append(batch_of(schema, rows));
    appender->finish();
    destination->apply(steps.after);
    destination->close();
  }
  Rows query(const std::string& sql) {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    return engine.connect().query(sql);
  }
  void execute(const std::string& sql) {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    engine.connect().execute(sql);
  }
  static Error failure_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorKind::internal, "");
  }

  const Schema numbers_{{{"n", TypeId::bigint, false}}};
  TableName target_{"dest", "numbers"};
  TemporaryDirectory directory_;
  World world_;
};

TEST_F(DuckdbDestinationTest, LongJsonIsCompressed) {
  const Schema schema{{{"j", TypeId::json}}};
  Rows rows;
  for (int i = 0; i < 2'000; ++i) {
    std::string text = fmt::format("[{}", i);
    // A few are longer than what DuckDB's other methods take, the average is shorter than ZSTD's default minimum.
    for (int k = 0; k < (i % 10 == 0 ? 200 : 60); ++k) text += fmt::format(R"(,{{"active_from":"{}","n":{}}})", i, i * k);
    rows.push_back({text + "]"});
  }
  load(schema, rows);
  EXPECT_EQ(query("SELECT DISTINCT compression FROM pragma_storage_info('x.dest.numbers') WHERE "
                  "column_name = 'j' AND segment_type <> 'VALIDITY'"),
            (Rows{{"ZSTD"}}));
  EXPECT_LT(fs::file_size(path()), 3'000'000U);  // of about 5 MB
  EXPECT_EQ(query("SELECT j FROM x.dest.numbers"), rows);
}

TEST_F(DuckdbDestinationTest, ASuccessfulRunLeavesOneFile) {
  load(numbers_, {{"1"}});
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
}

TEST_F(DuckdbDestinationTest, MissingDirectoriesAreMade) {
  open("a/b/x.duckdb")->close();
  EXPECT_TRUE(fs::exists(path("a/b/x.duckdb")));
}

TEST_F(DuckdbDestinationTest, AFailedRunLeavesNothingOfANewFile) {
  {
    const auto destination = open("a/b/x.duckdb");
    destination->apply(plan(numbers_).before);
    EXPECT_TRUE(fs::exists(path("a/b/x.duckdb")));
  }
  EXPECT_THAT(directory_.names(), IsEmpty());
}

// Somebody made it for its mode, or for the link that leads to it.
TEST_F(DuckdbDestinationTest, AnEmptyFileKeepsItsModeAndItsPlace) {
  fs::create_directory(path("data"));
  fs::create_symlink("data/real.duckdb", path());
  std::ofstream(path()).flush();
  fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write);
  const auto check = [&] {
    EXPECT_TRUE(fs::is_symlink(path()));
    EXPECT_EQ(fs::status(path("data/real.duckdb")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  };
  open();
  check();
  EXPECT_EQ(fs::file_size(path()), 0U);
  load(numbers_, {{"1"}});
  check();
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
}

TEST_F(DuckdbDestinationTest, AFailedRunLeavesNothingBehindALink) {
  fs::create_symlink("data/real.duckdb", path());
  open();
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
  EXPECT_TRUE(fs::is_symlink(path()) && !fs::exists(path()));
  load(numbers_, {{"1"}});
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
  EXPECT_TRUE(fs::is_symlink(path()) && fs::exists(path("data/real.duckdb")));
}

TEST_F(DuckdbDestinationTest, AFailedRunKeepsWhatWasThere) {
  load(numbers_, {{"1"}});
  {
    target_ = {"fresh", "numbers"};
    const auto destination = open();
    destination->apply(plan(numbers_).before);
    destination->apply({DropTable{plan(numbers_).landing}});
  }
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
  EXPECT_EQ(query("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'fresh'"), Rows{});
}

// The system ends a process with a signal where it writes beyond a limit.
TEST_F(DuckdbDestinationTest, ANewFileOfARunThatWasKilledWhileItWroteIsMadeAnew) {
  for (const rlim_t bytes : {0, 12, 4095, 4096, 5000, 8191, 8192, 12'287, 12'288, 12'289, 100'000, 270'000}) {
    SCOPED_TRACE(bytes);
    ChildProcess child([&]() -> std::string {
      ::signal(SIGXFSZ, SIG_DFL);
      const rlimit no_core{0, 0}, limit{bytes, bytes};
      if (::setrlimit(RLIMIT_CORE, &no_core) != 0 || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) return "cannot test";
      load(numbers_, {{"7"}});
      return "all fitted";
    });
    ASSERT_EQ(child.wait(), "killed");
    EXPECT_EQ(fs::file_size(path()), bytes);
    EXPECT_EQ(open_duckdb(parse_uri("duckdb:///" + path().string()), world_.context(), Access::look)->describe(target_), std::nullopt);
    load(numbers_, {{"1"}});
    EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
    EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
    fs::remove(path());
  }
}

TEST_F(DuckdbDestinationTest, WhatMayHoldRowsIsNoStub) {
  const auto refused = [&](ErrorKind kind) {
    try {
      open();
      ADD_FAILURE() << "opened";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
    }
  };
  std::ofstream(path()) << "not a database, but somebody's";
  refused(ErrorKind::bad_data);
  EXPECT_EQ(fs::file_size(path()), 30U);
  fs::remove(path());
  load(numbers_, {{"1"}});
  fs::resize_file(path(), 12'288);  // of it the headers say that there is more
  refused(ErrorKind::bad_data);
  fs::resize_file(path(), 8'192);
  std::ofstream(path("x.duckdb.wal")) << "rows of another program";
  EXPECT_FALSE(is_stub(path()));
  EXPECT_ANY_THROW(open());
  EXPECT_EQ(fs::file_size(path()), 8'192U);
  fs::remove(path("x.duckdb.wal"));
  EXPECT_TRUE(is_stub(path()));
}

// Another program that was killed leaves what it committed in a .wal file.
TEST_F(DuckdbDestinationTest, WhatOthersCommittedBeforeTheyDiedStays) {
  ChildProcess child([&]() -> std::string {
    const duck::Database engine;
    duck::Connection connection = engine.connect();
    connection.execute(fmt::format("ATTACH '{}' AS x", path().string()));
    connection.execute("CREATE TABLE x.main.theirs AS SELECT 42 AS answer");
    ::raise(SIGKILL);
    return "";
  });
  ASSERT_EQ(child.wait(), "killed");
  ASSERT_TRUE(fs::exists(path("x.duckdb.wal")));
  {
    const auto failed = open();
  }
  load(numbers_, {{"1"}});
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
  EXPECT_EQ(query("FROM x.main.theirs"), Rows{{"42"}});
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
}

TEST_F(DuckdbDestinationTest, TemporaryDirectoriesOfDeadRunsGo) {
  fs::create_directories(path("x.duckdb.ingestr.tmp.4711/inside"));
  fs::create_directories(path("y.duckdb.ingestr.tmp.4711"));
  load(numbers_, {{"1"}});
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb", "y.duckdb.ingestr.tmp.4711"));
}

TEST_F(DuckdbDestinationTest, NobodyElseSeesWhatIsSpilled) {
  const auto destination = open();
  EXPECT_EQ(fs::status(path(fmt::format("x.duckdb.ingestr.tmp.{}", ::getpid()))).permissions(), fs::perms::owner_all);
  destination->close();
}

TEST_F(DuckdbDestinationTest, ALockedFileIsLeftAlone) {
  load(numbers_, {{"1"}});
  fs::create_directories(path("x.duckdb.ingestr.tmp.4711"));
  ChildProcess child([&]() -> std::string {
    const auto destination = open();
    ChildProcess::report_ready();
    ::pause();
    return "";
  });
  child.wait_until_ready();
  fs::create_directories(path("x.duckdb.ingestr.tmp.4711"));
  const Error error = failure_of([&] { open(); });
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_THAT(error.what(),
              HasSubstr(fmt::format("(PID {}); close it there and run again", child.id())));
  EXPECT_TRUE(fs::exists(path("x.duckdb.ingestr.tmp.4711")));
}

TEST_F(DuckdbDestinationTest, UnknownParametersAreRefused) {
  const Error error = failure_of([&] {
    open_duckdb(parse_uri("duckdb:///" + path().string() + "?threads=2"), world_.context());
  });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr("threads"));
  EXPECT_THAT(directory_.names(), IsEmpty());
}

TEST_F(DuckdbDestinationTest, DirectoriesThatCannotBeMade) {
  std::ofstream(path("text")) << "x";
  const Error error = failure_of([&] { open("text/a/x.duckdb"); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_THAT(error.what(), HasSubstr("cannot be made"));
}

TEST_F(DuckdbDestinationTest, MemoryLimitOfTheUser) {
  const MapEnvironment good(
      std::map<std::string, std::string>{{"INGESTR_DUCKDB_MEMORY_LIMIT", "123MiB"}});
  const Store store(path(), good);
  EXPECT_EQ(store.connect().query("SELECT current_setting('memory_limit')"), Rows{{"123.0 MiB"}});
  const MapEnvironment bad(
      std::map<std::string, std::string>{{"INGESTR_DUCKDB_MEMORY_LIMIT", "much"}});
  const Error error = failure_of([&] { Store(path("y.duckdb"), bad); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_STREQ(
      error.what(),
      "INGESTR_DUCKDB_MEMORY_LIMIT is \"much\", which is no size; write for example 500MB or 2GB");
  EXPECT_FALSE(fs::exists(path("y.duckdb")));
}

TEST_F(DuckdbDestinationTest, SessionIsUtcAndKeepsOrder) {
  const Store store(path(), MapEnvironment());
  EXPECT_EQ(store.connect().query(
                "SELECT current_setting('TimeZone'), current_setting('preserve_insertion_order')"),
            (Rows{{"UTC", "true"}}));
}

TEST_F(DuckdbDestinationTest, NamesThatDuckdbCannotHave) {
  const auto destination = open();
  EXPECT_EQ(failure_of([&] { destination->resolve({"information_schema", "t"}); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(failure_of([&] { destination->resolve({"PG_catalog", "t"}); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(destination->resolve({"", "t"}), (TableName{"main", "t"}));
  EXPECT_EQ(destination->resolve({"x", "t"}), (TableName{"x", "t"}));  // also the name of the file
  const Schema twins{{{"Name", TypeId::bigint, false}, {"name", TypeId::bigint, false}}};
  const Error error = failure_of([&] { destination->apply(plan(twins).before); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("\"Name\" and \"name\""));
}

TEST_F(DuckdbDestinationTest, ASchemaNamedAsTheFile) {
  target_ = {"x", "numbers"};
  load(numbers_, {{"1"}});
  EXPECT_EQ(query("FROM x.x.numbers"), Rows{{"1"}});
}

TEST_F(DuckdbDestinationTest, TablesWithIndexesAndViewsOnThemAreReplaced) {
  load(numbers_, {{"1"}});
  execute(
      "CREATE INDEX i ON x.dest.numbers (n); CREATE VIEW x.dest.v AS SELECT n + 1 AS m FROM "
      "x.dest.numbers");
  load(numbers_, {{"5"}});
  EXPECT_EQ(query("FROM x.dest.v"), Rows{{"6"}});
}

TEST_F(DuckdbDestinationTest, ATableThatAnotherOneRefersToIsNotReplaced) {
  execute(
      "CREATE SCHEMA x.dest; CREATE TABLE x.dest.numbers (n BIGINT PRIMARY KEY);"
      "USE x; CREATE TABLE dest.others (n BIGINT REFERENCES dest.numbers (n))");
  const Error error = failure_of([&] { load(numbers_, {{"5"}}); });
  EXPECT_EQ(error.kind(), ErrorKind::conflict);
  EXPECT_THAT(error.what(),
              HasSubstr("dest.numbers cannot be replaced, because another table refers to it"));
}

TEST_F(DuckdbDestinationTest, NamesDifferingInCaseAreOneTable) {
  load(numbers_, {{"1"}});
  target_ = {"DEST", "NUMBERS"};
  load(numbers_, {{"2"}});
  EXPECT_EQ(query("SELECT table_name, n FROM information_schema.tables, x.dest.numbers "
                  "WHERE table_catalog = 'x'"),
            (Rows{{"NUMBERS", "2"}}));
}

TEST_F(DuckdbDestinationTest, WideRowsGetSmallRowGroups) {
  const Schema schema{{{"text", TypeId::json, false}}};
  {
    const auto destination = open();
    const Plan steps = plan(schema);
    destination->apply(steps.before);
    {
      const auto appender = destination->append(steps.landing, schema);
      for (int i = 0; i < 30; ++i)
        appender->append(batch_of(schema, Rows(500, Cells{std::string(3000, 'x')})));
      appender->finish();
    }
    destination->apply(steps.after);
    destination->close();
  }
  EXPECT_THAT(query("SELECT max(c) <= 2048, count(*) > 6 FROM (SELECT sum(count) AS c FROM "
                    "pragma_storage_info('x.dest.numbers') WHERE segment_type = 'JSON' OR "
                    "segment_type = 'VARCHAR' "
                    "GROUP BY row_group_id)"),
              ElementsAre(Cells{"true", "true"}));
}

// Lands rows until nothing more can be written, then cleans up as the pipeline does.
std::string land_until_full(const std::function<std::unique_ptr<Destination>()>& open,
                            const Plan& steps, const Schema& schema,
                            const std::function<void(Appender&)>& land) {
  const auto destination = open();
  destination->apply(steps.before);
  try {
    const auto appender = destination->append(steps.landing, schema);
    land(*appender);
    appender->finish();
    return "everything landed";
  } catch (const Error& error) {
    try {
      destination->apply({DropTable{steps.landing}});
    } catch (const Error&) {
    }
    return error.what();
  }
}

void land_batches(Appender& appender, const Schema& schema) {
    std::string text;
    for (int i = 0; i < 400; ++i) {
      Rows rows;
      for (int row = 0; row < 500; ++row) {
        text.clear();
        for (int k = 0; k < 100; ++k)
          text += std::to_string((i * 500 + row) * 7919LL * (k + 104729));  // does not compress
        rows.push_back({text});
      }
      appender.append(batch_of(schema, rows));
    }
}

const Relation kNoise{.select = "SELECT _ingestr_json(md5(i::VARCHAR) || md5((i + 1)::VARCHAR)) AS text FROM range(3000000) r(i)",
                      .schema = {{{"text", TypeId::json, false}}},
                      .row_bytes = 64};

class FullDisk : public DuckdbDestinationTest, public testing::WithParamInterface<bool> {};

TEST_P(FullDisk, LeavesTheTargetAsItWas) {
  load(numbers_, {{"1"}});
  const Schema schema = kNoise.schema;
  ChildProcess child([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{30'000'000, 30'000'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return "cannot test";
    return land_until_full([&] { return open(); }, plan(schema), schema, [&](Appender& appender) {
      GetParam() ? appender.append(kNoise) : land_batches(appender, schema);
    });
  });
  EXPECT_THAT(child.wait(), HasSubstr("a file may not grow any more; raise the limit of this process"));
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"1"}});
  load(numbers_, {{"2"}});
  EXPECT_EQ(query("FROM x.dest.numbers"), Rows{{"2"}});
  EXPECT_EQ(query("SELECT count(*) FROM duckdb_tables()"), Rows{{"1"}});
  EXPECT_THAT(directory_.names(), ElementsAre("x.duckdb"));
}

INSTANTIATE_TEST_SUITE_P(OfBatchesAndOfARelation, FullDisk, testing::Bool());

TEST_F(DuckdbDestinationTest, ARelationLandsInItsOrderAndIsCounted) {
  const auto destination = open();
  const Plan steps = plan(numbers_);
  destination->apply(steps.before);
  {
    const auto appender = destination->append(steps.landing, numbers_);
    appender->append({.before = {"SET VARIABLE count = 300000"},
                      .select = "SELECT i FROM range(getvariable('count')::BIGINT) r(i)",
                      .schema = numbers_,
                      .row_bytes = 8});
    appender->append({.select = "SELECT 7::BIGINT AS n", .schema = numbers_});
    appender->finish();
  }
  EXPECT_EQ(world_.counters.rows, 300'001U);
  destination->apply(steps.after);
  destination->close();
  EXPECT_EQ(query("SELECT count(*), count(*) FILTER (n = rowid) FROM x.dest.numbers"), (Rows{{"300001", "300000"}}));
}

TEST_F(DuckdbDestinationTest, ARelationThatFailsLeavesNoRow) {
  const auto destination = open();
  const Plan steps = plan(numbers_);
  destination->apply(steps.before);
  const auto appender = destination->append(steps.landing, numbers_);
  const Relation broken{.select = "SELECT _ingestr_bigint(CASE WHEN i = 250000 THEN 'x' ELSE i::VARCHAR END) FROM range(300000) r(i)",
                        .schema = numbers_};
  EXPECT_EQ(failure_of([&] { appender->append(broken); }).kind(), ErrorKind::bad_data);
  appender->append({.select = "SELECT 1::BIGINT AS n", .schema = numbers_});
  appender->finish();
  destination->apply(steps.after);
  destination->close();
  EXPECT_EQ(query("FROM x.dest.numbers"), (Rows{{"1"}}));
}

TEST_F(DuckdbDestinationTest, AStopEndsARelation) {
  const auto destination = open();
  const Plan steps = plan(numbers_);
  destination->apply(steps.before);
  const auto appender = destination->append(steps.landing, numbers_);
  std::jthread stopper([&] {
    while (world_.counters.rows == 0) std::this_thread::yield();
    world_.stop.request_stop();
  });
  const Relation endless{.select = "SELECT i FROM range(1000000000000) r(i)", .schema = numbers_};
  EXPECT_EQ(failure_of([&] { appender->append(endless); }).kind(), ErrorKind::cancelled);
}

}  // namespace
}  // namespace ingestr
