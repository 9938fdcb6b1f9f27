#include "sources/database/duckdb.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "database/file_check.h"
#include "duck/converted.h"
#include "duck/file.h"
#include "duck/text.h"
#include "engine/database_path.h"
#include "sources/database/source.h"

namespace ingestr {
namespace {

using namespace database;

class DuckdbFile final : public System {
 public:
  explicit DuckdbFile(std::filesystem::path path) : path_(std::move(path)) {}

  std::string shown() const override { return path_.string(); }
  bool is_server() const override { return false; }
  std::optional<duck::Extension> extension() const override { return std::nullopt; }

  std::vector<std::string> attach() const override {
    return {fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE duckdb, READ_ONLY)",
                        duck::quote_text(std::filesystem::absolute(path_).string()), kCatalog),
            fmt::format("USE {}", kCatalog)};
  }

  std::vector<std::string> attach_by_own_name() const override {
    const std::string name = duck::quote_name(duck::own_name(path_));
    std::vector<std::string> statements = {fmt::format("ATTACH {} AS {} (TYPE duckdb, READ_ONLY)", duck::quote_text(std::filesystem::absolute(path_).string()), name),
                                           fmt::format("USE {}.main", name)};
    // The engine's own database makes way for one that is called as it is.
    if (equal_ignoring_case(name, R"("memory")")) statements.insert(statements.begin(), {"ATTACH ':memory:' AS _ingestr_engine", "USE _ingestr_engine", "DETACH memory"});
    return statements;
  }

  std::string before_schema(bool by_own_name) const override {
    return (by_own_name ? duck::quote_name(duck::own_name(path_)) : std::string(kCatalog)) + ".";
  }

  Error connect_failure(const Error& error) const override { return unreadable(path_, "DuckDB", error); }

  SqlFamily family() const override { return SqlFamily::postgres; }
  std::string identifier(std::string_view name) const override { return duck::quote_name(name); }

  std::string time(SystemTime time, const Type& type) const override {
    return fmt::format("{} '{}'", type.id == TypeId::timestamp_tz ? "TIMESTAMPTZ" : "TIMESTAMP", format_iso(time));
  }
  std::string time_in_query(SystemTime time, Side) const override { return this->time(time, TypeId::timestamp); }

  std::string scan(const std::string& select) const override { return fmt::format("({})", select); }

  std::vector<ReadColumn> columns(duck::Connection& connection, const Selection& selection) const override {
    std::vector<ReadColumn> columns;
    for (const duck::ConvertedColumn& column : duck::converted_columns(connection, selection.select)) {
      columns.push_back({column.name, duck::quote_name(column.name), column.sql, column.type});
    }
    return columns;
  }

  std::string primary_key_query(const TableName& table) const override {
    return fmt::format("SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_name = current_database() AND "
                       "constraint_type = 'PRIMARY KEY' AND lower(schema_name) = lower({}) AND lower(table_name) = lower({})",
                       table.schema.empty() ? "current_schema()" : duck::quote_text(table.schema),
                       duck::quote_text(table.table));
  }

  std::string tables_query() const override {
    return fmt::format("SELECT t.table_schema AS schema, t.table_name AS name, CASE t.table_type WHEN 'VIEW' THEN 'view' ELSE "
                       "'table' END AS kind, (SELECT array_to_string(any_value(c.constraint_column_names), chr(10)) FROM "
                       "duckdb_constraints() c WHERE c.database_name = '{0}' AND c.constraint_type = 'PRIMARY KEY' AND c.schema_name = "
                       "t.table_schema AND c.table_name = t.table_name) AS key, 'true' AS readable FROM information_schema.tables t "
                       "WHERE t.table_catalog = '{0}' ORDER BY 1, 2",
                       kCatalog);
  }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Source> open_duckdb(const Uri& uri, const SourceOptions& options, const Context& context) {
  return make_source(std::make_shared<DuckdbFile>(check_file(database_path(uri))), options, context.stop);
}

}  // namespace

Connector duckdb_source_connector() {
  Connector connector;
  connector.schemes = {"duckdb"};
  connector.title = "DuckDB";
  connector.example_uri = "duckdb:///file.duckdb";
  connector.finds_primary_keys = true;
  connector.engine_file = database_path;
  connector.open_source = open_duckdb;
  return connector;
}

}  // namespace ingestr
