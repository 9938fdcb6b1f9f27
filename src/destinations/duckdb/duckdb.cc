#include "destinations/duckdb/duckdb.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/landing.h"
#include "engine/database_path.h"
#include "destinations/duckdb/store.h"
#include "engine/evolution.h"
#include "sql/check.h"

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

// Where a step is, for what goes wrong in it.
std::string place_of(const Step& step) {
  if (const auto* decoded = std::get_if<DecodeColumn>(&step)) return "column " + decoded->column;
  if (const auto* retyped = std::get_if<RetypeColumn>(&step))
    return fmt::format("column {} of {}", retyped->column, to_string(retyped->table));
  if (const auto* inserted = std::get_if<InsertRows>(&step)) return to_string(inserted->to);
  if (const auto* merged = std::get_if<MergeRows>(&step)) return to_string(merged->to);
  return "";
}

bool deletes_rows(const Step& step) {
  return std::holds_alternative<DeleteInterval>(step) ||
         std::holds_alternative<DeleteLandedRange>(step);
}

bool changes_rows(const Step& step) {
  return deletes_rows(step) || std::holds_alternative<Deduplicate>(step) ||
         std::holds_alternative<RetypeColumn>(step) || std::holds_alternative<MergeRows>(step);
}

class DuckdbDestination final : public Destination {
 public:
  DuckdbDestination(const std::filesystem::path& path, const Context& context)
      : stop_(context.stop),
        counters_(context.counters),
        store_(path, context.environment),
        dialect_(store_.catalog()),
        connection_(store_.connect(stop_)) {}

  ~DuckdbDestination() override;

  std::optional<Schema> describe(const TableName& table) override;
  TableName resolve(const TableName& table) const override;
  void keep_private() override { store_.keep_private(); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override;
  void apply(const std::vector<Step>& steps) override;
  void close() override;

 private:
  enum class Kind { nothing, table, view };
  Kind kind_of(const TableName& name);
  bool has_schema(const std::string& name);

  void run(const Step& step);
  void check_row_place(const TableName& table);
  void drop(const TableName& name);
  void drop_landings();

  std::stop_token stop_;
  Counters& counters_;
  Store store_;
  DuckdbDialect dialect_;
  duck::Connection connection_;
  std::set<std::string> made_schemas_;
  size_t landed_columns_ = 0;
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
  switch (kind_of(table)) {
    case Kind::nothing:
      return std::nullopt;
    case Kind::view:
      throw Error(ErrorKind::unsupported,
                  fmt::format("{} is a view, which takes no rows; name another table with "
                              "--dest-table, or take the view's place with --full-refresh",
                              to_string(table)));
    case Kind::table:
      break;
  }
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
  landed_columns_ = schema.columns.size();
  return std::make_unique<Landing>(store_, dialect_, table, schema, stop_, counters_);
}

void DuckdbDestination::apply(const std::vector<Step>& steps) {
  if (std::ranges::any_of(steps, changes_rows)) store_.fit_change();
  if (std::ranges::any_of(steps, deletes_rows)) store_.reclaim_deleted(landed_columns_);
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
  if (const auto* doubled = std::get_if<Deduplicate>(&step)) check_row_place(doubled->table);
  for (const Check& check : checks_of(step, dialect_)) {
    check.judge(std::stoull(connection_.query(check.select)[0][0].value()));
  }
  const std::string place = place_of(step);
  for (const std::string& sql : to_sql(step, dialect_)) {
    if (place.empty()) {
      connection_.execute(sql);
    } else {
      within(place, [&] { connection_.execute(sql); });
    }
  }
}

// A column of the name hides what DuckDB itself calls so.
void DuckdbDestination::check_row_place(const TableName& table) {
  const std::optional<Schema> schema = describe(table);
  if (!schema || find_column(*schema, dialect_.row_place()) == nullptr) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("a table with the column \"{}\" cannot be loaded by --primary-key into "
                          "DuckDB, which numbers rows by that name; leave it out with "
                          "--sql-exclude-columns",
                          dialect_.row_place()));
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
  return std::make_unique<DuckdbDestination>(database_path(uri), context);
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
