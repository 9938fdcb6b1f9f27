#include <fmt/format.h>

#include "conformance/strategy_suite.h"
#include "destinations/duckdb/duckdb.h"
#include "duck/database.h"
#include "duck/file.h"
#include "duck/text.h"
#include "support/temporary_directory.h"

namespace ingestr {
namespace {

// SQL that writes a value of `name` as support/batches.h does.
std::string as_test_text(const std::string& name, const Type& type) {
  const auto with_fraction = [&](const char* seconds, const char* zone) {
    // Without a fraction that is zero.
    return fmt::format(
        "CASE WHEN date_part('microseconds', {0}) % 1000000 = 0 THEN strftime({0}, '{1}{2}') "
        "ELSE strftime({0}, '{1}.%f{2}') END",
        name, seconds, zone);
  };
  switch (type.id) {
    case TypeId::timestamp:
      return with_fraction("%Y-%m-%dT%H:%M:%S", "");
    case TypeId::timestamp_tz:
      return with_fraction("%Y-%m-%dT%H:%M:%S", "Z");
    case TypeId::interval:
      return fmt::format(
          "date_part('year', {0}) * 12 + date_part('month', {0}) || ' ' || date_part('day', {0}) "
          "|| ' ' || "
          "date_part('hour', {0}) * 3600000000 + date_part('minute', {0}) * 60000000 + "
          "date_part('microseconds', {0})",
          name);
    case TypeId::list:
      return fmt::format(
          "'|' || array_to_string(list_transform({}, lambda x: coalesce(x::VARCHAR, '~') || '|'), "
          "'')",
          name);
    case TypeId::blob:
      return fmt::format("hex({})", name);
    default:
      return name;
  }
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

class DuckdbHarness final : public DestinationHarness {
 public:
  std::unique_ptr<Destination> open(const Context& context) override {
    return open_duckdb(parse_uri("duckdb:///" + path().string()), context);
  }

  std::vector<Cells> read(const TableName& table) override {
    const Schema columns = schema(table);
    std::string selected;
    for (const Column& column : columns.columns) {
      selected +=
          (selected.empty() ? "" : ", ") + as_test_text(duck::quote_name(column.name), column.type);
    }
    std::vector<Cells> rows = query(fmt::format("SELECT {} FROM {}", selected, name_of(table)));
    for (Cells& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        if (row[i] && columns.columns[i].type.id == TypeId::blob) row[i] = from_hex(*row[i]);
      }
    }
    return rows;
  }

  Schema schema(const TableName& table) override {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    return engine.connect().describe("FROM " + name_of(table));
  }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    for (const Cells& row : query("SELECT table_schema, table_name FROM information_schema.tables "
                                  "WHERE table_catalog = 'test' ORDER BY ALL")) {
      names.push_back(to_string(TableName{row[0].value(), row[1].value()}));
    }
    return names;
  }

  void make_view(const TableName& name) override {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    engine.connect().execute(fmt::format("CREATE VIEW {} AS SELECT 42 AS answer", name_of(name)));
  }

  void make_keyed_table(const TableName& name) override {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    engine.connect().execute(
        fmt::format("CREATE SCHEMA IF NOT EXISTS test.{}; CREATE TABLE {} (id BIGINT PRIMARY KEY, "
                    "name VARCHAR)",
                    duck::quote_name(name.schema), name_of(name)));
  }

 private:
  std::filesystem::path path() const { return directory_.path() / "test.duckdb"; }
  static std::string name_of(const TableName& table) {
    return "test." + duck::quote_name(table.schema) + "." + duck::quote_name(table.table);
  }
  std::vector<Cells> query(const std::string& sql) {
    const duck::Database engine;
    const duck::DatabaseFile file(engine, path());
    return engine.connect().query(sql);
  }

  TemporaryDirectory directory_;
};

const DestinationCase kDuckdb{"duckdb", [] { return std::make_unique<DuckdbHarness>(); }};

INSTANTIATE_TEST_SUITE_P(Duckdb, DestinationSuite, testing::Values(kDuckdb), name_of_case);
INSTANTIATE_TEST_SUITE_P(Duckdb, StrategySuite, testing::Values(kDuckdb), name_of_case);
INSTANTIATE_TEST_SUITE_P(Duckdb, Scd2Suite, testing::Values(kDuckdb), name_of_case);
INSTANTIATE_TEST_SUITE_P(Duckdb, ContractSuite, testing::Values(kDuckdb), name_of_case);

}  // namespace
}  // namespace ingestr
