#include "destinations/duckdb/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "destinations/duckdb/duckdb.h"
#include "duck/database.h"
#include "duck/file.h"
#include "engine/strategy.h"
#include "support/batches.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr {
namespace {

using Rows = std::vector<Cells>;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Schema kPeople{{{"id", TypeId::bigint, false},
                      {"the name", TypeId::varchar, false},
                      {"n", TypeId::bigint, false},
                      {"team", TypeId::bigint, false}}};

class TableRulesTest : public testing::Test {
 protected:
  // What others do to the file.
  Rows query(const std::string& sql) {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    duck::Connection connection = engine.connect();
    connection.execute("USE \"my db\".main");
    return connection.query(sql);
  }
  void execute(const std::string& sql) {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    duck::Connection connection = engine.connect();
    connection.execute("USE \"my db\".main");
    connection.execute(sql);
  }
  // A whole run of replace. What goes wrong comes out, with the landing table dropped.
  void replace(const Schema& schema, const Rows& rows, std::vector<std::string> key = {}) {
    PlanFacts facts;
    facts.target = target_;
    facts.landed = schema;
    facts.loaded_at = world_.clock.now();
    facts.primary_key = std::move(key);
    const auto destination = open_duckdb(parse_uri("duckdb:///" + path().string()), world_.context());
    const Plan plan = make_plan(facts);
    destination->apply(plan.before);
    const auto appender = destination->append(plan.landing, schema);
    appender->append(batch_of(schema, rows));
    appender->finish();
    try {
      destination->apply(plan.after);
    } catch (const Error&) {
      destination->apply({DropTable{plan.landing}});
      destination->close();
      throw;
    }
    destination->close();
  }
  std::string failure_of(const Schema& schema, const Rows& rows) {
    try {
      replace(schema, rows);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::constraint);
      return error.what();
    }
    return "";
  }
  // As DuckDB writes it.
  std::string made_by() { return query("SELECT sql FROM duckdb_tables() WHERE table_name = 'my.people'")[0][0].value(); }
  std::vector<std::string> warnings() const { return world_.log.lines(LogLevel::warning); }
  Rows rows() { return query("SELECT COLUMNS(* EXCLUDE (_ingestr_loaded_at))::VARCHAR FROM odd.\"my.people\""); }

  std::filesystem::path path() const { return directory_.path() / "my db.duckdb"; }

  TemporaryDirectory directory_;
  World world_;
  const TableName target_{"odd", "my.people"};
};

constexpr const char* kMade = R"sql(
CREATE SCHEMA odd; USE odd;
CREATE TABLE "the teams" ("the id" BIGINT PRIMARY KEY); INSERT INTO "the teams" VALUES (1), (2);
CREATE SEQUENCE numbers;
CREATE TABLE "my.people" (id BIGINT PRIMARY KEY, "the name" VARCHAR NOT NULL DEFAULT 'it''s {}', n BIGINT DEFAULT nextval('numbers')
  CHECK (n > 0), team BIGINT REFERENCES "the teams" ("the id"), UNIQUE ("the name", n), CHECK (id + n < 1000));
CREATE INDEX "{}(1)" ON "my.people" (n); CREATE UNIQUE INDEX by_both ON "my.people" ((id + 1), lower("the name"));
COMMENT ON TABLE "my.people" IS 'it''s {}'; COMMENT ON COLUMN "my.people"."the name" IS 'a name';
CREATE VIEW names AS SELECT "the name" FROM odd."my.people")sql";

TEST_F(TableRulesTest, AllOfThemStay) {
  execute(kMade);
  const std::string made = made_by();
  replace(kPeople, {{"1", "Ann", "5", "1"}, {"2", "Ben", "6", std::nullopt}});
  replace(kPeople, {{"2", "Ben", "6", "2"}, {"3", "Cid", "7", "1"}, {"1", "Ann", "5", "1"}});
  EXPECT_EQ(rows(), (Rows{{"2", "Ben", "6", "2"}, {"3", "Cid", "7", "1"}, {"1", "Ann", "5", "1"}}));
  for (const std::string part : {"PRIMARY KEY(id)", R"sql("the name" VARCHAR DEFAULT('it''s {}') NOT NULL)sql",
                                 "n BIGINT DEFAULT(nextval('numbers'))", "CHECK((n > 0))", "CHECK(((id + n) < 1000))",
                                 R"sql(UNIQUE("the name", n))sql", "FOREIGN KEY (team) REFERENCES"}) {
    EXPECT_THAT(made_by(), HasSubstr(part));
  }
  EXPECT_EQ(query("SELECT sql FROM duckdb_indexes() ORDER BY index_name DESC"),
            (Rows{{R"sql(CREATE INDEX "{}(1)" ON odd."my.people"(n);)sql"},
                  {R"sql(CREATE UNIQUE INDEX by_both ON odd."my.people"(((id + 1)), (lower("the name")));)sql"}}));
  EXPECT_EQ(query("SELECT comment FROM duckdb_tables() WHERE comment IS NOT NULL UNION ALL "
                  "SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL"),
            (Rows{{"it's {}"}, {"a name"}}));
  EXPECT_EQ(query("SELECT count(*) FROM odd.names"), (Rows{{"3"}}));
  EXPECT_EQ(query("SELECT count(*) FROM duckdb_tables()"), (Rows{{"2"}}));
  EXPECT_THAT(warnings(), IsEmpty());
  execute("INSERT INTO odd.\"my.people\" (id) VALUES (9)");  // the default of n goes on counting
  EXPECT_EQ(query("SELECT n FROM odd.\"my.people\" WHERE id = 9"), (Rows{{"1"}}));
}

TEST_F(TableRulesTest, ARowThatBreaksOneIsNamedAndChangesNothing) {
  execute(kMade);
  const Rows old = {{"1", "Ann", "5", "1"}};
  replace(kPeople, old);
  const std::string made = made_by();
  const std::vector<std::pair<Rows, std::string>> broken = {
      {{{"1", "a", "1", "1"}, {"1", "b", "2", "1"}}, "a row with the key 1 is there already"},
      {{{"1", "a", "1", "1"}, {"2", "a", "1", "1"}}, "a row with the key a, 1 is there already"},
      {{{"1", std::nullopt, "1", "1"}}, "NOT NULL constraint failed: my.people.the name"},
      {{{"1", "a", "-1", "1"}}, "CHECK constraint failed"},
      {{{"1", "a", "1", "7"}}, "foreign key constraint because key \"the id: 7\" does not exist"},
  };
  for (const auto& [rows_that_break, words] : broken) {
    const std::string text = failure_of(kPeople, rows_that_break);
    EXPECT_THAT(text, HasSubstr("odd.\"my.people\": a row "));
    EXPECT_THAT(text, HasSubstr(words));
    EXPECT_THAT(text, HasSubstr("; load with --full-refresh to begin without the constraints of the table, or drop the constraint"));
    EXPECT_EQ(rows(), old);
    EXPECT_EQ(made_by(), made);
  }
  EXPECT_EQ(query("SELECT count(*) FROM duckdb_tables()"), (Rows{{"2"}}));
}

TEST_F(TableRulesTest, WhatTheNewColumnsDoNotAllowIsLostWithAWarning) {
  execute(kMade);
  replace({{{"id", TypeId::bigint, false}, {"n", TypeId::varchar, false}, {"team", TypeId::integer, false}}},
          {{"1", "five", "1"}, {"2", "six", "1"}});
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("odd.\"my.people\" lost what its new columns do not allow: "),
                                HasSubstr("CHECK ((n > 0))"), HasSubstr("CHECK (((id + n) < 1000))"),
                                HasSubstr("FOREIGN KEY (team)"), HasSubstr("UNIQUE (the name, n)"), HasSubstr("index by_both"),
                                HasSubstr("the default of n"))));
  EXPECT_THAT(made_by(), HasSubstr("PRIMARY KEY(id)"));
  EXPECT_EQ(query("SELECT index_name FROM duckdb_indexes()"), (Rows{{"{}(1)"}}));
    replace({{{"other", TypeId::bigint, false}}}, {{"1"}});
  EXPECT_THAT(warnings().back(), HasSubstr("PRIMARY KEY (id), index {}(1)"));
  EXPECT_EQ(query("SELECT count(*) FROM duckdb_constraints() WHERE table_name = 'my.people'"), (Rows{{"0"}}));
  EXPECT_EQ(query("SELECT comment FROM duckdb_tables() WHERE comment IS NOT NULL"), (Rows{{"it's {}"}}));
}

TEST_F(TableRulesTest, AKeyOfItsOwnRowsAndAComputedColumnThatHasValuesAreLostWithAWarning) {
  execute(R"sql(CREATE SCHEMA odd; CREATE TABLE odd."my.people" (id BIGINT PRIMARY KEY, boss BIGINT REFERENCES odd."my.people" (id),
             twice BIGINT GENERATED ALWAYS AS (id * 2)))sql");
  replace({{{"id", TypeId::bigint, false}, {"boss", TypeId::bigint, false}, {"twice", TypeId::bigint, false}}},
          {{"1", "2", "5"}, {"2", std::nullopt, "6"}});
  EXPECT_EQ(rows(), (Rows{{"1", "2", "5"}, {"2", std::nullopt, "6"}}));
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("FOREIGN KEY (boss)"), HasSubstr("the computed column twice"))));
  EXPECT_THAT(made_by(), HasSubstr("PRIMARY KEY(id)"));
}

TEST_F(TableRulesTest, RowsOfOneKeyAreMadeOneFirst) {
  execute(kMade);
  replace(kPeople, {{"1", "a", "1", "1"}, {"1", "b", "2", "1"}}, {"id"});
  EXPECT_EQ(rows(), (Rows{{"1", "b", "2", "1"}}));
}

TEST_F(TableRulesTest, ManyRowsFitIntoLittleMemory) {
  execute("CREATE SCHEMA odd; CREATE TABLE odd.\"my.people\" (\"the name\" VARCHAR PRIMARY KEY, n BIGINT UNIQUE)");
  Rows many;
  for (int i = 0; i < 200'000; ++i) many.push_back({std::to_string(i), std::to_string(i) + " and so long a name", std::to_string(i), "1"});
  replace(kPeople, many);
  EXPECT_EQ(query("SELECT count(*), max(n) FROM odd.\"my.people\""), (Rows{{"200000", "199999"}}));
}

}  // namespace
}  // namespace ingestr
