#include "destinations/duckdb/duckdb.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/landing.h"
#include "destinations/duckdb/look.h"
#include "destinations/duckdb/merge.h"
#include "destinations/duckdb/natives.h"
#include "destinations/duckdb/retype.h"
#include "destinations/duckdb/rules.h"
#include "destinations/duckdb/store.h"
#include "destinations/duckdb/tables.h"
#include "duck/file.h"
#include "engine/database_path.h"
#include "engine/evolution.h"
#include "engine/row_change.h"
#include "sql/apply.h"
#include "sql/lost.h"
#include "sql/made_schemas.h"
#include "sql/rows.h"

namespace ingestr {
namespace {

std::string names_of(const Schema& schema, const Dialect& dialect) {
  std::vector<std::string> names;
  for (const Column& column : schema.columns) names.push_back(dialect.identifier(column.name));
  return fmt::format("{}", fmt::join(names, ", "));
}

bool deletes_rows(const Step& step) {
  const std::optional<RowChange> change = row_change(step);
  return change && change->deletes;
}

// But by inserting alone.
bool changes_rows(const Step& step) {
  return deletes_rows(step) || is_any_of<Deduplicate, RetypeColumn, FitColumn, DiscardRows, MergeRows, CloseVersions, InsertVersions>(step);
}

// Where the rows of a landing table go, and what the columns are called there that are not called the same.
struct Way {
  TableName to;
  std::vector<CopiedColumn> columns{};
};

std::optional<Way> way_from(const TableName& landing, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (const auto* table = std::get_if<ReplaceTable>(&step); table && table->from == landing) return Way{table->to};
    const std::optional<RowChange> change = row_change(step);
    if (change && change->inserts && change->landing == landing) return Way{change->table, change->columns};
  }
  return std::nullopt;
}

class DuckdbDestination final : public Destination {
 public:
  DuckdbDestination(const std::filesystem::path& path, const Context& context)
      : path_(path),
        stop_(context.stop),
        log_(context.log),
        counters_(context.counters),
        store_(path, context.environment),
        dialect_(store_.catalog()),
        connection_(store_.connect(stop_)),
        tables_(connection_, dialect_, store_.catalog()) {}

  std::optional<Schema> describe(const TableName& table) override {
    return tables_.describe(table);
  }
  std::vector<std::string> computed_columns(const TableName& table) override { return tables_.computed_columns(table); }
  TableName resolve(const TableName& table) const override { return Tables::resolve(table); }
  void keep_private() override { store_.keep_private(); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override;
  void apply(const std::vector<Step>& steps) override;
  void settle() override;
  void close() override;

 private:
  void make_room(const std::vector<Step>& steps);
  void make_room(const RetypeColumn& step);
  void run(const Step& step);
  std::vector<std::string> statements_of(const Step& step);
  void check_row_place(const TableName& table, std::string_view flag);
  void deduplicate(const Deduplicate& step, const std::vector<Step>& steps);
  void retype(const RetypeColumn& step);
  void wake_indexes(const TableName& table);
  void drop(const TableName& name);
  std::vector<Rule> rules(const TableName& name);
  std::vector<Rule> kept_rules(const ReplaceTable& step);
  void replace(const ReplaceTable& step);

  std::filesystem::path path_;
  std::stop_token stop_;
  Logger& log_;
  Counters& counters_;
  Store store_;
  DuckdbDialect dialect_;
  duck::Connection connection_;
  Tables tables_;
  MadeSchemas made_schemas_{[this](const std::string& schema) {
    connection_.execute(fmt::format("DROP SCHEMA IF EXISTS {}", dialect_.schema(schema)));
  }};
  LostParts lost_;  // by the transaction under way
  size_t landed_columns_ = 0;
};

std::unique_ptr<Appender> DuckdbDestination::append(const TableName& table, const Schema& schema) {
  duck::check_directory_of(path_);
  landed_columns_ = schema.columns.size();
  return std::make_unique<Landing>(store_, dialect_, table, schema, stop_, counters_);
}

void DuckdbDestination::apply(const std::vector<Step>& steps) {
  make_room(steps);
  lost_ = {};
  duck::Transaction transaction(connection_);
  const Discarded discarded = apply_steps(
      steps, dialect_,
      {.count = [this](const std::string& select) { return std::stoull(connection_.query(select)[0][0].value()); },
       .probe = [this](const std::string& select) { connection_.describe(select); },
       .run = [&](const Step& step) {
         const auto* doubled = std::get_if<Deduplicate>(&step);
         doubled == nullptr ? run(step) : deduplicate(*doubled, steps);
       }},
      stop_);
  transaction.commit();
  discarded.count_in(counters_);
  lost_.tell(log_);
}

void DuckdbDestination::make_room(const std::vector<Step>& steps) {
  if (std::ranges::any_of(steps, changes_rows)) store_.fit_change();
  bool deletes = std::ranges::any_of(steps, deletes_rows);
  for (const Step& step : steps) {
    if (const auto* replaced = std::get_if<ReplaceTable>(&step)) {
      const std::vector<Rule> kept = rules(replaced->to);
      if (need_new_table(kept)) store_.fit_indexes(indexes_of(kept));
    }
    if (const auto* retyped = std::get_if<RetypeColumn>(&step)) make_room(*retyped);
    const auto* merged = std::get_if<MergeRows>(&step);
    if (merged == nullptr) continue;
    if (may_replace_rows(*merged, tables_)) {
      deletes = true;
    } else {
      store_.fit_updates();
    }
  }
  if (deletes) store_.reclaim_deleted(landed_columns_);
}

void DuckdbDestination::make_room(const RetypeColumn& step) {
  const std::vector<Rule> all = rules(step.table);
  if (!needs_new_table(step, all, tables_)) return;
  store_.fit_indexes(indexes_of(all), std::stoull(connection_.query(fmt::format("SELECT count(*) FROM {}", dialect_.table(step.table)))[0][0].value()));
}

void DuckdbDestination::run(const Step& step) {
  if (const auto* created = std::get_if<CreateTable>(&step)) check_column_names(created->schema, "DuckDB");
  if (const auto* rows = std::get_if<DiscardRows>(&step); rows && !rows->narrowed.empty()) check_row_place(rows->table, "--schema-contract discard_row");
  if (std::holds_alternative<DropLandings>(step)) {
    // This run holds the lock of the file, so every landing table in it is a dead run's.
    for (const TableName& table : tables_.landings()) drop(table);
    return;
  }
  if (const auto* dropped = std::get_if<DropTable>(&step)) return drop(dropped->table);
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) return replace(*replaced);
  if (const auto* schema = std::get_if<CreateSchema>(&step);
      schema != nullptr && !tables_.has_schema(schema->schema)) {
    made_schemas_.add(schema->schema);
  }
  if (const auto* retyped = std::get_if<RetypeColumn>(&step)) return retype(*retyped);
  const std::optional<RowChange> change = row_change(step);
  if (change && change->inserts) require_fit(*change->landing, change->columns, tables_.columns(change->table), dialect_, connection_);
  if (change && (change->updates || change->deletes)) wake_indexes(change->table);
  for (const std::string& sql : statements_of(step)) connection_.execute(sql);
}

// Keys are the same where the table that they go to takes them for that.
void DuckdbDestination::deduplicate(const Deduplicate& step, const std::vector<Step>& steps) {
  check_row_place(step.table, "--primary-key");
  std::vector<std::string> keys;
  for (const std::string& column : step.key) keys.push_back(dialect_.identifier(column));
  const std::optional<Way> way = way_from(step.table, steps);
  const bool is_to_table = way && tables_.kind_of(way->to) == TableKind::table;
  const Schema landed = describe(step.table).value();
  for (const TableColumn& column : is_to_table ? tables_.columns(way->to) : std::vector<TableColumn>()) {
    const auto copied = std::ranges::find(way->columns, column.name, &CopiedColumn::to);
    const std::string& from = copied == way->columns.end() ? column.name : copied->from;
    const auto key = std::ranges::find_if(step.key, [&](const std::string& name) { return equal_ignoring_case(name, from); });
    if (column.collation.empty() || key == step.key.end() || find_column(landed, from)->type.id != TypeId::varchar) continue;
    keys[static_cast<size_t>(key - step.key.begin())] += " COLLATE " + column.collation;
  }
  connection_.execute(deduplicate_sql(step.table, keys, step.order_by, dialect_));
}

void DuckdbDestination::retype(const RetypeColumn& step) {
  const std::vector<Rule> all = rules(step.table);
  if (needs_new_table(step, all, tables_)) return retype_in_new_table(step, all, tables_, dialect_, connection_);
  for (const std::string& sql : to_sql(step, dialect_)) connection_.execute(sql);
}

// DuckDB 1.5.5 takes no row out of a CREATE INDEX of a file that it has just opened, so that the row cannot come again, until something is put
// into the table.
void DuckdbDestination::wake_indexes(const TableName& table) {
  if (!tables_.has_index(table)) return;
  const std::string names = names_of(describe(table).value(), dialect_);
  connection_.execute(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {0} WHERE false", dialect_.table(table), names));
}

std::vector<std::string> DuckdbDestination::statements_of(const Step& step) {
  const auto* merged = std::get_if<MergeRows>(&step);
  if (merged == nullptr || !may_replace_rows(*merged, tables_)) return to_sql(step, dialect_);
  return replace_rows_sql(*merged, tables_.describe(merged->to).value(), dialect_);
}

// A column of the name hides what DuckDB itself calls so.
void DuckdbDestination::check_row_place(const TableName& table, std::string_view flag) {
  const std::optional<Schema> schema = describe(table);
  if (!schema || find_column(*schema, dialect_.row_place()) == nullptr) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("a table with the column \"{}\" cannot be loaded by {} into DuckDB, SQLite or files, because rows land in "
                          "DuckDB, which numbers them by that name; leave it out with --sql-exclude-columns",
                          dialect_.row_place(), flag));
}

void DuckdbDestination::drop(const TableName& name) {
  try {
    for (const std::string& sql : drop_sql(tables_.kind_of(name), name, dialect_)) connection_.execute(sql);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::conflict) throw;
    throw Error(ErrorKind::conflict,
                fmt::format("{} cannot be replaced, because another table refers to it; drop that "
                            "foreign key or load into another table ({})",
                            to_string(name), error.what()));
  }
}

std::vector<Rule> DuckdbDestination::rules(const TableName& name) {
  if (tables_.kind_of(name) != TableKind::table) return {};
  return rules_of(name, store_.catalog(), dialect_, connection_);
}

// In a session of its own, so that a rule that cannot be ends no transaction but its own.
std::vector<Rule> DuckdbDestination::kept_rules(const ReplaceTable& step) {
  const std::vector<Rule> all = rules(step.to);
  if (all.empty()) return {};
  duck::Connection connection = store_.connect(stop_);
  const SearchPath path(connection, step.to.schema, dialect_);
  std::vector<std::string> lost;
  const TableName probe{step.to.schema, step.from.table + "_probe"};
  std::vector<Rule> kept = fitting(all, describe(step.to).value(), describe(step.from).value(), probe, dialect_, connection, lost);
  lost_.add(step.to, lost);
  return kept;
}

void DuckdbDestination::replace(const ReplaceTable& step) {
  const std::vector<Rule> kept = kept_rules(step);
  const Schema columns = describe(step.from).value();
  drop(step.to);
  const SearchPath path(connection_, step.to.schema, dialect_);
  const auto run_all = [&](const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) connection_.execute(sql);
  };
  if (!need_new_table(kept)) {
    run_all(to_sql(RenameTable{step.from, step.to.table}, dialect_));
    return run_all(added_sql(step.to, kept, dialect_));
  }
  run_all(create_sql(step.to, columns, kept, dialect_));
  within(to_string(step.to), [&] {
    const std::string names = names_of(columns, dialect_);
    connection_.execute(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", dialect_.table(step.to), names, names, dialect_.table(step.from)));
  });
  drop(step.from);
}

void DuckdbDestination::settle() {
  store_.settle();
  made_schemas_.keep();
}

void DuckdbDestination::close() {
  store_.close();
  made_schemas_.keep();
}

}  // namespace

std::unique_ptr<Destination> open_duckdb(const Uri& uri, const Context& context, Access access) {
  check_parameters(duckdb_connector(), uri);
  return open_duckdb_file(database_path(uri), access, context);
}

std::unique_ptr<Destination> open_duckdb_file(const std::filesystem::path& path, Access access,
                                              const Context& context) {
  if (access == Access::look) return look_at_duckdb(path);
  return std::make_unique<DuckdbDestination>(path, context);
}

Connector duckdb_connector() {
  Connector connector;
  connector.schemes = {"duckdb"};
  connector.title = "DuckDB";
  connector.example_uri = "duckdb:///attio.duckdb";
  connector.engine_file = database_path;
  connector.open_destination = [](const Uri& uri, Access access, const Context& context) {
    return open_duckdb(uri, context, access);
  };
  return connector;
}

}  // namespace ingestr
