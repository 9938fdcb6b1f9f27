#include "destinations/duckdb/duckdb.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/landing.h"
#include "destinations/duckdb/path.h"
#include "destinations/duckdb/store.h"

namespace ingestr {
namespace {

constexpr std::string_view kDefaultSchema = "main";

// DuckDB refuses new tables in these.
bool is_system_schema(std::string_view name) {
  return equal_ignoring_case(name, "information_schema") || equal_ignoring_case(name, "pg_catalog");
}

void check_distinct(const TableName& table, const Schema& schema) {
  std::map<std::string, std::string> seen;
  for (const Column& column : schema.columns) {
    const auto [other, is_new] = seen.emplace(to_lower(column.name), column.name);
    if (is_new) continue;
    throw Error(ErrorKind::unsupported, fmt::format("{} would have the columns \"{}\" and \"{}\", "
                                                    "which are one name for DuckDB; leave one out "
                                                    "with --sql-exclude-columns",
                                                    to_string(table), other->second, column.name));
  }
}

class DuckdbDestination final : public Destination {
 public:
  DuckdbDestination(const std::filesystem::path& path, const Context& context)
      : stop_(context.stop),
        store_(path, context.environment),
        dialect_(store_.catalog()),
        connection_(store_.connect(stop_)) {}

  ~DuckdbDestination() override;

  std::optional<Schema> describe(const TableName& table) override;
  TableName resolve(const TableName& table) const override;
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override;
  void apply(const std::vector<Step>& steps) override;
  void close() override;

 private:
  enum class Kind { nothing, table, view };
  Kind kind_of(const TableName& name);
  bool has_schema(const std::string& name);

  void run(const Step& step);
  void drop(const TableName& name);
  void drop_landings();

  std::stop_token stop_;
  Store store_;
  DuckdbDialect dialect_;
  duck::Connection connection_;
  std::set<std::string> made_schemas_;
  bool closed_ = false;
};

DuckdbDestination::~DuckdbDestination() {
  if (closed_) return;
  for (const std::string& schema : made_schemas_) {
    try {
      connection_.execute(fmt::format("DROP SCHEMA IF EXISTS {}", dialect_.schema(schema)));
    } catch (const Error&) {
      // Something is in it, so it is of use.
    }
  }
}

DuckdbDestination::Kind DuckdbDestination::kind_of(const TableName& name) {
  const auto rows = connection_.query(fmt::format(
      "SELECT table_type FROM information_schema.tables WHERE table_catalog = {} AND "
      "lower(table_schema) = lower({}) AND lower(table_name) = lower({})",
      dialect_.text(store_.catalog()), dialect_.text(name.schema), dialect_.text(name.table)));
  if (rows.empty()) return Kind::nothing;
  return rows[0][0] == "VIEW" ? Kind::view : Kind::table;
}

bool DuckdbDestination::has_schema(const std::string& name) {
  return !connection_
              .query(fmt::format("SELECT 1 FROM duckdb_schemas() WHERE database_name = {} AND "
                                 "lower(schema_name) = lower({})",
                                 dialect_.text(store_.catalog()), dialect_.text(name)))
              .empty();
}

std::optional<Schema> DuckdbDestination::describe(const TableName& table) {
  if (kind_of(table) != Kind::table) return std::nullopt;  // a view is replaced, never written into
  return connection_.describe(fmt::format("FROM {}", dialect_.table(table)));
}

TableName DuckdbDestination::resolve(const TableName& table) const {
  TableName resolved = table;
  if (resolved.schema.empty()) resolved.schema = kDefaultSchema;
  if (is_system_schema(resolved.schema)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} is a schema of DuckDB's own; name another", resolved.schema));
  }
  if (resolved.table.starts_with(kLandingPrefix)) {
    throw Error(
        ErrorKind::usage,
        fmt::format("table names that begin with {} are for rows on their way, which the next "
                    "run removes; choose another",
                    kLandingPrefix));
  }
  return resolved;
}

std::unique_ptr<Appender> DuckdbDestination::append(const TableName& table, const Schema& schema) {
  return std::make_unique<Landing>(store_, dialect_, table, schema, stop_);
}

void DuckdbDestination::apply(const std::vector<Step>& steps) {
  duck::Transaction transaction(connection_);
  for (const Step& step : steps) run(step);
  transaction.commit();
}

void DuckdbDestination::run(const Step& step) {
  if (std::holds_alternative<DropLandings>(step)) return drop_landings();
  if (const auto* dropped = std::get_if<DropTable>(&step)) return drop(dropped->table);
  if (const auto* created = std::get_if<CreateTable>(&step))
    check_distinct(created->table, created->schema);
  if (const auto* schema = std::get_if<CreateSchema>(&step);
      schema != nullptr && !has_schema(schema->schema)) {
    made_schemas_.insert(schema->schema);
  }
  const auto* decoded = std::get_if<DecodeColumn>(&step);
  const std::string place = decoded == nullptr ? "" : "column " + decoded->column;
  for (const std::string& sql : to_sql(step, dialect_)) {
    if (place.empty()) {
      connection_.execute(sql);
    } else {
      within(place, [&] { connection_.execute(sql); });
    }
  }
}

void DuckdbDestination::drop(const TableName& name) {
  switch (kind_of(name)) {
    case Kind::nothing:
      return;
    case Kind::view:
      return connection_.execute(fmt::format("DROP VIEW {}", dialect_.table(name)));
    case Kind::table:
      break;
  }
  try {
    for (const std::string& sql : to_sql(DropTable{name}, dialect_)) connection_.execute(sql);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::conflict) throw;
    throw Error(ErrorKind::conflict,
                fmt::format("{} cannot be replaced, because another table refers to it; drop that "
                            "foreign key or load into another table ({})",
                            to_string(name), error.what()));
  }
}

// This run holds the lock of the file, so every landing table in it is a dead run's.
void DuckdbDestination::drop_landings() {
  const auto tables = connection_.query(fmt::format(
      "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = {} AND "
      "starts_with(table_name, {})",
      dialect_.text(store_.catalog()), dialect_.text(kLandingPrefix)));
  for (const auto& row : tables) drop({row[0].value(), row[1].value()});
}

void DuckdbDestination::close() {
  store_.close();
  closed_ = true;
}

}  // namespace

std::unique_ptr<Destination> open_duckdb(const Uri& uri, const Context& context) {
  check_parameters(duckdb_connector(), uri);
  return std::make_unique<DuckdbDestination>(duckdb_path(uri), context);
}

Connector duckdb_connector() {
  Connector connector;
  connector.schemes = {"duckdb"};
  connector.title = "DuckDB";
  connector.example_uri = "duckdb:///attio.duckdb";
  connector.open_destination = open_duckdb;
  return connector;
}

}  // namespace ingestr
