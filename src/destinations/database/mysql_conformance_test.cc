// The destination suites against a real MariaDB. The server is the one that INGESTR_TEST_MYSQL, a URI, names; without it there
// are no tests here. tests/e2e/test_destination_conformance.py starts one and runs them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "base/error.h"
#include "conformance/strategy_suite.h"
#include "database/mysql_client.h"
#include "destinations/database/mysql.h"
#include "duck/database.h"
#include "duck/text.h"

namespace ingestr {
namespace {

using database::MysqlClient;
using database::MysqlServer;
using database::quote_mysql_name;

// The server's name of a type and the column's comment -> ours, and SQL that writes a value as support/batches.h does.
struct MysqlForm {
  const char* name;
  const char* comment;
  Type type;
  const char* text;
};

constexpr const char* kSpread = "replace(trim(TRAILING '.' FROM trim(TRAILING '0' FROM cast({} AS char))), ' ', 'T')";

const std::vector<MysqlForm>& mysql_forms() {
  static const std::vector<MysqlForm> all = {
      {"tinyint(1)", "BOOLEAN", TypeId::boolean, "elt({} + 1, 'false', 'true')"},
      {"smallint(6)", "", TypeId::smallint, "{}"},
      {"int(11)", "", TypeId::integer, "{}"},
      {"bigint(20)", "", TypeId::bigint, "{}"},
      {"float", "", TypeId::real, "{}"},
      {"double", "", TypeId::double_, "{}"},
      {"longtext", "", TypeId::varchar, "{}"},
      {"longtext", "JSON", TypeId::json, "{}"},
      {"longtext", "INTERVAL", TypeId::interval, "{}"},
      {"longblob", "", TypeId::blob, "{}"},
      {"date", "", TypeId::date, "{}"},
      {"time(6)", "TIME", TypeId::time, "trim(TRAILING '.' FROM trim(TRAILING '0' FROM cast({} AS char)))"},
      {"datetime(6)", "", TypeId::timestamp, kSpread},
      {"datetime(6)", "UTC", TypeId::timestamp_tz, kSpread},
      {"char(36)", "UUID", TypeId::uuid, "{}"},
  };
  return all;
}

Type mysql_type_of(const std::string& name, const std::string& comment) {
  int precision = 0, scale = 0;
  if (std::sscanf(name.c_str(), "decimal(%d,%d)", &precision, &scale) == 2) {
    return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
  }
  for (const MysqlForm& form : mysql_forms()) {
    if (name == form.name && comment == form.comment) return form.type;
  }
  throw Error(ErrorKind::internal, fmt::format("the table has a column of the type {} ({})", name, comment));
}

std::string mysql_test_text(const std::string& name, const Type& type) {
  for (const MysqlForm& form : mysql_forms()) {
    if (type == form.type) return fmt::format(fmt::runtime(form.text), name);
  }
  return name;
}

class MysqlHarness final : public DestinationHarness {
 public:
  explicit MysqlHarness(std::string uri) : uri_(std::move(uri)) {
    World world;
    const MysqlServer server(parse_uri(uri_), world.context());
    MysqlClient client(server, {});  // one session, for the database that it connects to goes for a moment
    for (const Cells& row : client.query("SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN "
                                         "('information_schema', 'mysql', 'performance_schema', 'sys')")) {
      client.execute("DROP DATABASE " + quote_mysql_name(row[0].value()));
    }
    client.execute("CREATE DATABASE " + quote_mysql_name(server.address().database));
  }

  DestinationQuirks quirks() const override {
    // A column named like a table of the longest name has a digit more. A server reads rows of 16 MB at most, and one of the tests
    // has two large values in a row. InnoDB has the rows of a table with a primary key in its order.
    return {.longest_name = 63, .keeps_order = false, .has_lists = false, .has_all_characters_in_names = false, .large_value = 7'000'000};
  }

  std::unique_ptr<Destination> open(const Context& context) override {
    return open_mysql(parse_uri(uri_), Access::change, context);
  }

  std::vector<Cells> read(const TableName& table) override {
    const Schema columns = schema(table);
    std::vector<std::string> selected;
    for (const Column& column : columns.columns) selected.push_back(mysql_test_text(quote_mysql_name(column.name), column.type));
    std::vector<Cells> rows = query(fmt::format("SELECT {} FROM {}", fmt::join(selected, ", "), name_of(table)));
    for (Cells& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        if (row[i]) row[i] = as_written(*row[i], columns.columns[i].type);
      }
    }
    return rows;
  }

  Schema schema(const TableName& table) override {
    Schema schema;
    for (const Cells& row : query(fmt::format("SELECT column_name, column_type, column_comment FROM information_schema.columns WHERE "
                                              "table_schema = {} AND table_name = {} ORDER BY ordinal_position",
                                              duck::quote_text(table.schema), duck::quote_text(table.table)))) {
      schema.columns.push_back({row[0].value(), mysql_type_of(row[1].value(), row[2].value()), false});
    }
    return schema;
  }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    for (const Cells& row : query("SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN "
                                  "('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1, 2")) {
      names.push_back(to_string(TableName{row[0].value(), row[1].value()}));
    }
    return names;
  }

  void make_view(const TableName& name) override { query(fmt::format("CREATE VIEW {} AS SELECT 42 AS answer", name_of(name))); }

  void make_keyed_table(const TableName& name) override {
    query(fmt::format("CREATE DATABASE IF NOT EXISTS {}", quote_mysql_name(name.schema)));
    query(fmt::format("CREATE TABLE {} (id bigint PRIMARY KEY, name longtext COLLATE utf8mb4_nopad_bin)", name_of(name)));
  }

 private:
  static std::string name_of(const TableName& table) { return quote_mysql_name(table.schema) + "." + quote_mysql_name(table.table); }
  // What MySQL cannot be asked to write so: 1000.0 for 1e3, 14 -3 1500000 for 1 year 2 months -3 days 00:00:01.5
  std::string as_written(const std::string& text, const Type& type) {
    if (type.id == TypeId::timestamp_tz) return text + "Z";
    if (type.id != TypeId::double_ && type.id != TypeId::interval) return text;
    const std::string value = fmt::format("CAST({} AS {})", duck::quote_text(text), to_string(type));
    const std::string sql = type.id == TypeId::double_ ? value : fmt::format(
        "(datepart('year', {0}) * 12 + datepart('month', {0})) || ' ' || datepart('day', {0}) || ' ' || (datepart('hour', {0}) * 3600000000 + "
        "datepart('minute', {0}) * 60000000 + datepart('microsecond', {0}))", value);
    return words_.query("SELECT " + sql)[0][0].value();
  }

  std::vector<Cells> query(const std::string& sql) {
    World world;
    MysqlClient client(MysqlServer(parse_uri(uri_), world.context()), {});
    return client.query(sql);
  }

  std::string uri_;
  duck::Database converter_;
  duck::Connection words_ = converter_.connect();
};

std::vector<DestinationCase> mysql_cases() {
  const char* uri = std::getenv("INGESTR_TEST_MYSQL");
  if (uri == nullptr) return {};
  return {{"mysql", [uri] { return std::make_unique<MysqlHarness>(uri); }}};
}

INSTANTIATE_TEST_SUITE_P(Mysql, DestinationSuite, testing::ValuesIn(mysql_cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Mysql, StrategySuite, testing::ValuesIn(mysql_cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Mysql, Scd2Suite, testing::ValuesIn(mysql_cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Mysql, ContractSuite, testing::ValuesIn(mysql_cases()), name_of_case);

}  // namespace
}  // namespace ingestr
