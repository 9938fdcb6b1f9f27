// The destination suites against SQLite files, here because their rows land in DuckDB files (app/catalog.cc).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "conformance/strategy_suite.h"
#include "database/sqlite_client.h"
#include "destinations/database/sqlite.h"
#include "destinations/duckdb/duckdb.h"
#include "duck/database.h"
#include "duck/text.h"
#include "support/temporary_directory.h"
#include "support/world.h"

namespace ingestr {
namespace {

using database::SqliteClient;

// What a column is declared as -> our type, and SQL that writes a value of the column as support/batches.h does.
struct SqliteForm {
  const char* name;
  Type type;
  const char* text = "{}";
};

const std::vector<SqliteForm>& sqlite_forms() {
  static const std::vector<SqliteForm> all = {
      {"BOOLEAN", TypeId::boolean, "CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"},
      {"INT2", TypeId::smallint},
      {"INT4", TypeId::integer},
      {"BIGINT", TypeId::bigint},
      {"FLOAT4", TypeId::real},
      {"DOUBLE", TypeId::double_},
      {"TEXT", TypeId::varchar},
      {"BLOB", TypeId::blob, "CASE WHEN {0} IS NOT NULL THEN hex({0}) END"},
      {"DATE", TypeId::date},
      {"TIME", TypeId::time},
      {"TIMESTAMP", TypeId::timestamp, "replace({}, ' ', 'T')"},
      {"TIMESTAMPTZ", TypeId::timestamp_tz, "replace(replace({}, ' ', 'T'), '+00:00', 'Z')"},
      {"UUID", TypeId::uuid},
      {"INTERVAL", TypeId::interval},
      {"JSON_TEXT", TypeId::json},
  };
  return all;
}

Type type_declared(const std::string& name) {
  int precision = 0, scale = 0;
  if (std::sscanf(name.c_str(), "DECIMAL_TEXT(%d,%d)", &precision, &scale) == 2) {
    return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
  }
  for (const SqliteForm& form : sqlite_forms()) {
    if (name == form.name) return form.type;
  }
  throw Error(ErrorKind::internal, "the table has a column of the type " + name);
}

std::string selected(const std::string& name, const Type& type) {
  for (const SqliteForm& form : sqlite_forms()) {
    if (type == form.type) return fmt::format(fmt::runtime(form.text), name);
  }
  return name;
}

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// "1 year 2 months -3 days 00:00:01.5" as "14 -3 1500000".
std::string parts_of_interval(const std::string& text) {
  return duck::Database()
      .connect()
      .query(fmt::format("SELECT date_part('year', i) * 12 + date_part('month', i) || ' ' || date_part('day', i) || ' ' || "
                         "date_part('hour', i) * 3600000000 + date_part('minute', i) * 60000000 + date_part('microseconds', i) "
                         "FROM (SELECT CAST({} AS INTERVAL) AS i)",
                         duck::quote_text(text)))[0][0]
      .value();
}

class SqliteHarness final : public DestinationHarness {
 public:
  DestinationQuirks quirks() const override { return {.has_lists = false, .replaces_in_place = true, .only_schema = "main"}; }

  std::unique_ptr<Destination> open(const Context& context) override {
    return open_sqlite_file(path(), Access::change, context, open_duckdb_file);
  }

  std::vector<Cells> read(const TableName& table) override {
    const Schema columns = schema(table);
    std::vector<std::string> values;
    for (const Column& column : columns.columns) values.push_back(selected(duck::quote_name(column.name), column.type));
    std::vector<Cells> rows = query(fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), duck::quote_name(table.table)));
    for (Cells& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        const TypeId type = columns.columns[i].type.id;
        if (row[i] && type == TypeId::blob) row[i] = bytes_of(*row[i]);
        if (row[i] && type == TypeId::interval) row[i] = parts_of_interval(*row[i]);
      }
    }
    return rows;
  }

  Schema schema(const TableName& table) override {
    Schema schema;
    for (const Cells& row : query(fmt::format("SELECT name, type FROM pragma_table_info({}) ORDER BY cid", duck::quote_text(table.table)))) {
      schema.columns.push_back({row[0].value(), type_declared(row[1].value()), false});
    }
    return schema;
  }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    for (const Cells& row : query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")) {
      names.push_back(to_string(TableName{"main", row[0].value()}));
    }
    return names;
  }

  void make_view(const TableName& name) override {
    query(fmt::format("CREATE VIEW {} AS SELECT 42 AS answer", duck::quote_name(name.table)));
  }

  void make_keyed_table(const TableName& name) override {
    query(fmt::format("CREATE TABLE {} (id BIGINT PRIMARY KEY NOT NULL, name TEXT)", duck::quote_name(name.table)));
  }

 private:
  std::filesystem::path path() const { return directory_.path() / "test.db"; }
  std::vector<Cells> query(const std::string& sql) { return SqliteClient(path(), SqliteClient::Mode::read_write, {}).query(sql); }

  TemporaryDirectory directory_;
};

// A store whose landing tables are dropped when the user asks to stop.
class StoppedStore final : public Destination {
 public:
  explicit StoppedStore(std::unique_ptr<Destination> tables) : tables_(std::move(tables)) {}
  std::optional<Schema> describe(const TableName& table) override { return tables_->describe(table); }
  TableName resolve(const TableName& table) const override { return tables_->resolve(table); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override { return tables_->append(table, schema); }
  void apply(const std::vector<Step>& steps) override {
    if (std::holds_alternative<DropTable>(steps.front())) throw interrupted();
    tables_->apply(steps);
  }
  void close() override { tables_->close(); }

 private:
  std::unique_ptr<Destination> tables_;
};

TEST(SqliteDestination, ARunThatIsStoppedBeforeItsEndLeavesTheTargetAsItWas) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "test.db";
  SqliteClient(path, SqliteClient::Mode::read_write, {}).execute("CREATE TABLE t (a BIGINT); INSERT INTO t VALUES (7)");
  World world;
  const auto destination = open_sqlite_file(path, Access::change, world.context(), [](const auto& file, Access access, const Context& context) {
    return std::make_unique<StoppedStore>(open_duckdb_file(file, access, context));
  });
  const TableName landing{"main", "_ingestr_landing_t"};
  destination->apply({CreateTable{landing, {{{"a", TypeId::bigint}}}}});
  destination->append(landing, {{{"a", TypeId::bigint}}})->finish();
  EXPECT_THROW(destination->apply({ReplaceTable{landing, {"main", "t"}}, DropTable{landing}}), Error);
  EXPECT_EQ(SqliteClient(path, SqliteClient::Mode::read_only, {}).query("SELECT a FROM t"), (std::vector<SqliteClient::Row>{{"7"}}));
}

const DestinationCase kSqlite{"sqlite", [] { return std::make_unique<SqliteHarness>(); }};

INSTANTIATE_TEST_SUITE_P(Sqlite, DestinationSuite, testing::Values(kSqlite), name_of_case);
INSTANTIATE_TEST_SUITE_P(Sqlite, StrategySuite, testing::Values(kSqlite), name_of_case);
INSTANTIATE_TEST_SUITE_P(Sqlite, Scd2Suite, testing::Values(kSqlite), name_of_case);
INSTANTIATE_TEST_SUITE_P(Sqlite, ContractSuite, testing::Values(kSqlite), name_of_case);

}  // namespace
}  // namespace ingestr
