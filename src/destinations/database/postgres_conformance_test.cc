// The destination suites against a real PostgreSQL. The server is the one that INGESTR_TEST_POSTGRES, a URI, names; without
// it there are no tests here. tests/e2e/test_destination_conformance.py starts one and runs them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <cstdlib>

#include "base/error.h"
#include "conformance/strategy_suite.h"
#include "database/postgres_client.h"
#include "destinations/database/postgres.h"
#include "duck/database.h"
#include "duck/text.h"

namespace ingestr {
namespace {

using database::PostgresClient;
using database::PostgresServer;

// The server's name of a type -> ours, and SQL that writes a value of the column as support/batches.h does.
struct Form {
  const char* name;
  Type type;
  const char* text;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> all = {
      {"boolean", TypeId::boolean, "{}::text"},
      {"smallint", TypeId::smallint, "{}::text"},
      {"integer", TypeId::integer, "{}::text"},
      {"bigint", TypeId::bigint, "{}::text"},
      {"real", TypeId::real, "{}::text"},
      {"double precision", TypeId::double_, "CASE WHEN abs({0}) < 1e18 AND trunc({0}) = {0} THEN {0}::bigint || '.0' ELSE {0}::text END"},
      {"text", TypeId::varchar, "{}"},
      {"bytea", TypeId::blob, "encode({}, 'hex')"},
      {"date", TypeId::date, "{}::text"},
      {"time without time zone", TypeId::time, "{}::text"},
      {"timestamp without time zone", TypeId::timestamp, "replace({}::text, ' ', 'T')"},
      {"timestamp with time zone", TypeId::timestamp_tz, "replace(replace({}::text, ' ', 'T'), '+00', 'Z')"},
      {"uuid", TypeId::uuid, "{}::text"},
      {"interval", TypeId::interval,
       "(extract(year FROM {0}) * 12 + extract(month FROM {0}))::int || ' ' || extract(day FROM {0})::int || ' ' || "
       "(extract(hour FROM {0}) * 3600000000 + extract(minute FROM {0}) * 60000000 + extract(microseconds FROM {0}))::bigint"},
      {"json", TypeId::json, "{}::text"},
  };
  return all;
}

Type type_of(std::string name) {
  if (name.ends_with("[]")) return Type::list_of(type_of(name.substr(0, name.size() - 2)));
  int precision = 0, scale = 0;
  if (std::sscanf(name.c_str(), "numeric(%d,%d)", &precision, &scale) == 2) {
    return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
  }
  for (const Form& form : forms()) {
    if (name == form.name) return form.type;
  }
  throw Error(ErrorKind::internal, "the table has a column of the type " + name);
}

std::string as_test_text(const std::string& name, const Type& type) {
  if (type.id == TypeId::decimal) return name + "::text";
  if (type.id == TypeId::list) {
    return fmt::format("CASE WHEN {0} IS NOT NULL THEN '|' || (SELECT coalesce(string_agg(coalesce(e::text, '~') || '|', '' ORDER BY n), '') "
                       "FROM unnest({0}) WITH ORDINALITY AS t(e, n)) END",
                       name);
  }
  for (const Form& form : forms()) {
    if (type == form.type) return fmt::format(fmt::runtime(form.text), name);
  }
  return name;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string name_of(const TableName& table) {
  return duck::quote_name(table.schema) + "." + duck::quote_name(table.table);
}

class PostgresHarness final : public DestinationHarness {
 public:
  PostgresHarness(std::string uri, std::shared_ptr<const duck::Database> engine)
      : uri_(std::move(uri)), engine_(std::move(engine)), process_(::getpid()) {
    for (const Cells& row : query("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")) {
      query(fmt::format("DROP SCHEMA {} CASCADE", duck::quote_name(row[0].value())));
    }
    query("CREATE SCHEMA public");
  }

  DestinationQuirks quirks() const override {
    // A column named like a table of the longest name has a digit more.
    return {.longest_name = 62, .keeps_order = false, .replaces_in_place = true};
  }

  std::unique_ptr<Destination> open(const Context& context) override {
    return open_postgres(parse_uri(uri_), Access::change, context, ::getpid() == process_ ? engine_ : nullptr);
  }

  std::vector<Cells> read(const TableName& table) override {
    const Schema columns = schema(table);
    std::vector<std::string> selected;
    for (const Column& column : columns.columns) selected.push_back(as_test_text(duck::quote_name(column.name), column.type));
    std::vector<Cells> rows = query(fmt::format("SELECT {} FROM {} ORDER BY ctid", fmt::join(selected, ", "), name_of(table)));
    for (Cells& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        if (row[i] && columns.columns[i].type.id == TypeId::blob) row[i] = from_hex(*row[i]);
      }
    }
    return rows;
  }

  Schema schema(const TableName& table) override {
    Schema schema;
    for (const Cells& row : query(fmt::format(
             "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = {}::regclass AND attnum > 0 AND NOT "
             "attisdropped ORDER BY attnum",
             duck::quote_text(name_of(table))))) {
      schema.columns.push_back({row[0].value(), type_of(row[1].value()), false});
    }
    return schema;
  }

  std::vector<std::string> tables() override {
    std::vector<std::string> names;
    for (const Cells& row : query("SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^pg_' AND schemaname <> "
                                  "'information_schema' UNION ALL SELECT schemaname, viewname FROM pg_views WHERE schemaname !~ '^pg_' "
                                  "AND schemaname <> 'information_schema' ORDER BY 1, 2")) {
      names.push_back(to_string(TableName{row[0].value(), row[1].value()}));
    }
    return names;
  }

  void make_view(const TableName& name) override { query(fmt::format("CREATE VIEW {} AS SELECT 42 AS answer", name_of(name))); }

  void make_keyed_table(const TableName& name) override {
    query(fmt::format("CREATE SCHEMA IF NOT EXISTS {}; CREATE TABLE {} (id bigint PRIMARY KEY, name text)",
                      duck::quote_name(name.schema), name_of(name)));
  }

 private:
  std::vector<Cells> query(const std::string& sql) {
    World world;
    PostgresClient client(PostgresServer(parse_uri(uri_), world.context()), {});
    return client.query(sql);
  }

  std::string uri_;
  std::shared_ptr<const duck::Database> engine_;
  pid_t process_;  // an engine does not survive a fork
};

std::vector<DestinationCase> cases() {
  const char* uri = std::getenv("INGESTR_TEST_POSTGRES");
  if (uri == nullptr) return {};
  // To load the extension takes many times as long as a small test.
  const auto engine = std::make_shared<const duck::Database>();
  return {{"postgres", [uri, engine] { return std::make_unique<PostgresHarness>(uri, engine); }}};
}

INSTANTIATE_TEST_SUITE_P(Postgres, DestinationSuite, testing::ValuesIn(cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Postgres, StrategySuite, testing::ValuesIn(cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Postgres, Scd2Suite, testing::ValuesIn(cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Postgres, ContractSuite, testing::ValuesIn(cases()), name_of_case);

}  // namespace
}  // namespace ingestr
