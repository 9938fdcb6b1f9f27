#include "destinations/database/sqlite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "data/type_kind.h"
#include "database/sqlite_client.h"
#include "destinations/database/generated.h"
#include "destinations/database/landing.h"
#include "destinations/database/made_file.h"
#include "destinations/database/sqlite_dialect.h"
#include "destinations/database/sqlite_look.h"
#include "destinations/database/sqlite_replace.h"
#include "destinations/database/sqlite_rows.h"
#include "destinations/database/sqlite_store.h"
#include "destinations/database/sqlite_tables.h"
#include "database/sqlite_types.h"
#include "duck/text.h"
#include "engine/database_path.h"
#include "engine/row_change.h"
#include "sql/apply.h"
#include "sql/check.h"
#include "sql/kept_rows.h"
#include "sql/lost.h"

namespace ingestr {
namespace {

namespace fs = std::filesystem;
using namespace database;

// What a long load waits for a reader of the file before it gives up.
constexpr std::chrono::seconds kPatienceAfterLanding{60};

// Whether a step is about landed rows alone, which the store does.
bool is_for_store(const Step& step) {
  return std::visit(
      [](const auto& one) {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<One, DropLandings>) return true;
        if constexpr (requires { one.table; } && !requires { one.from; }) return is_landing(one.table);
        if constexpr (std::is_same_v<One, RetypeColumn> || std::is_same_v<One, RequireExact> || std::is_same_v<One, FitColumn>) {
          return is_landing(one.table);
        }
        return false;
      },
      step);
}

// Whether the value that SQLite gets is another one.
bool changes_value(const CopiedColumn& column) {
  if (column.from_type == column.to_type || column.from_type.id == TypeId::null) return false;
  return !(is_integer(column.from_type) && is_integer(column.to_type));
}

// What is a number or a text in a STRICT table is one to the next run as well, which would write these in another way.
void check_strict(const AddColumn& step) {
  const Column& column = step.column;
  const bool is_other = column.type.id == TypeId::boolean || column.type.id == TypeId::timestamp_tz || column.type.id == TypeId::decimal;
  if (!is_other) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("column {} of {} would be {}, and a STRICT table of SQLite has no such type; {}", column.name, to_string(step.table),
                          to_string(column.type),
                          column.name == kLoadTimestampColumn ? "leave it out with --no-load-timestamp"
                                                              : fmt::format("give it another, as in --columns {}:text", column.name)));
}

class SqliteDestination final : public Destination {
 public:
  SqliteDestination(const fs::path& path, const Context& context, OpenStore open_store);

  std::optional<Schema> describe(const TableName& table) override;
  std::vector<std::string> computed_columns(const TableName& table) override { return generated_names(tables_.columns(table)); }
  TableName resolve(const TableName& table) const override { return resolve_in_sqlite(table); }
  void keep_private() override { store_.keep_private(); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override { return store_.tables().append(table, schema); }
  void apply(const std::vector<Step>& steps) override;
  void close() override;

 private:
  void do_all(const std::vector<Step>& steps);
  void finish_in_store(std::vector<Step>& waiting);
  void run(const Step& step);
  void check_kinds(const RetypeColumn& step);
  void drop(const TableName& table);
  void rename(const TableName& from, const TableName& to);
  void replace(const ReplaceTable& step);
  void with_rows(const RowChange& change, const std::vector<std::string>& statements);
  void check_key_values(const TableName& to, const CopiedColumn& column);
  void check_distinct_keys(const TableName& to, const std::vector<std::string>& key);
  void remove_range(const DeleteLandedRange& step);
  void remove(const TableName& table, const std::vector<std::string>& deletions);
  void fill(const TableName& from, const TableName& to, const std::vector<CopiedColumn>& columns);
  void convert(const TableName& from, const std::vector<CopiedColumn>& columns);
  std::vector<CopiedColumn> all_columns(const TableName& from);

  Context context_;
  SqliteStore store_;
  MadeFile made_;
  SqliteClient client_;
  SqliteTables tables_{client_};
  SqliteDialect dialect_;
  SqliteReplace anew_{client_, tables_, dialect_};
  std::set<std::pair<std::string, std::string>> converted_;  // columns of landing tables
  LostParts lost_;                                           // by the transaction under way
};

// A transaction that changes nothing shows at once whether the file can be written, and makes none.
SqliteDestination::SqliteDestination(const fs::path& path, const Context& context, OpenStore open_store)
    : context_(context),
      store_(path, std::move(open_store), context),
      made_(path),
      client_(path, SqliteClient::Mode::read_write, context.stop) {
  client_.execute("PRAGMA legacy_alter_table = ON; BEGIN IMMEDIATE; ROLLBACK");
  client_.set_patience(kPatienceAfterLanding);
}

std::optional<Schema> SqliteDestination::describe(const TableName& table) {
  return is_landing(table) ? store_.tables().describe(table) : tables_.describe(table);
}

void SqliteDestination::apply(const std::vector<Step>& steps) {
  lost_ = {};
  const uint64_t rows = context_.counters.discarded_rows, values = context_.counters.discarded_values;
  try {
    do_all(steps);
  } catch (const Error&) {
    client_.roll_back();
    made_.end();
    context_.counters.discarded_rows = rows;
    context_.counters.discarded_values = values;
    throw;
  }
  lost_.tell(context_.log);
}

void SqliteDestination::do_all(const std::vector<Step>& steps) {
  std::optional<Transaction> transaction;
  std::vector<Step> waiting;  // for the store
  for (const Step& step : steps) {
    if (&step != &steps.front()) throw_if_stopped(context_.stop);
    if (const auto* created = std::get_if<CreateTable>(&step)) check_column_names(created->schema, "SQLite");
    if (is_for_store(step)) {
      waiting.push_back(step);
      continue;
    }
    finish_in_store(waiting);
    if (!transaction && !is_any_of<RequirePredicate, CreateSchema>(step)) {
      transaction.emplace(client_, "BEGIN IMMEDIATE");
      made_.begin();
    }
    apply_steps({step}, dialect_,
                {.count = [this](const std::string& select) { return client_.number(select); },
                 .probe = [this](const std::string& select) { client_.check(select); },
                 .run = [this](const Step& one) { run(one); }},
                context_.stop);
  }
  finish_in_store(waiting);
  if (!transaction) return;
  transaction->commit();
  made_.keep();
}

void SqliteDestination::finish_in_store(std::vector<Step>& waiting) {
  if (waiting.empty()) return;
  for (const Step& step : waiting) {
    if (std::holds_alternative<CreateTable>(step)) converted_.clear();
  }
  store_.tables().apply(std::exchange(waiting, {}));
}

void SqliteDestination::run(const Step& step) {
  if (is_any_of<RequirePredicate, RequireExact>(step)) return;
  if (const auto* schema = std::get_if<CreateSchema>(&step)) {
    resolve_in_sqlite({schema->schema, "t"});
    return;
  }
  if (const auto* dropped = std::get_if<DropTable>(&step)) return drop(dropped->table);
  if (const auto* renamed = std::get_if<RenameTable>(&step)) return rename(renamed->from, {renamed->from.schema, renamed->to});
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) return replace(*replaced);
  if (const auto* added = std::get_if<AddColumn>(&step); added != nullptr && tables_.definition(added->table).is_strict()) {
    check_strict(*added);
    return client_.execute(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", dialect_.table(added->table), dialect_.identifier(added->column.name),
                                       strict_sqlite_type(added->column.type)));
  }
  if (const auto* retyped = std::get_if<RetypeColumn>(&step)) {
    if (find_named(tables_.columns(retyped->table), retyped->column)->is_any) return;
    check_kinds(*retyped);
    const std::string value = dialect_.converted(dialect_.identifier(retyped->column), retyped->from, retyped->to);
    return anew_.retype(retyped->table, retyped->column, retyped->to, value);
  }
  if (const auto* inserted = std::get_if<InsertRows>(&step)) return fill(inserted->from, inserted->to, inserted->columns);
  if (const auto* range = std::get_if<DeleteLandedRange>(&step)) return remove_range(*range);
  const std::optional<RowChange> change = row_change(step);
  if (change && change->landing) return with_rows(*change, to_sql(step, dialect_));
  if (change && change->deletes) return remove(change->table, to_sql(step, dialect_));
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
}

// In a column of others there may be values of any kind, which are not to be lost on the way to the type.
void SqliteDestination::check_kinds(const RetypeColumn& step) {
  const std::string column = dialect_.identifier(step.column), fault = dialect_.cannot_become(column, step.from, step.to);
  if (fault.empty()) return;
  const uint64_t rows = client_.number(
      fmt::format("SELECT count(*) FROM {} WHERE {} IS NOT NULL AND ({})", dialect_.table(step.table), column, fault));
  const Check check{"", fmt::format("it would have to become {}, but {{}} a value in it that is no {}; correct it there, leave the column out with "
                                    "--sql-exclude-columns, or replace the table with --full-refresh",
                                    to_string(step.to), to_string(step.from))};
  check.judge(rows);
}

void SqliteDestination::drop(const TableName& table) {
  for (const std::string& sql : drop_sql(tables_.kind_of(table), table, dialect_)) client_.execute(sql);
}

void SqliteDestination::rename(const TableName& from, const TableName& to) {
  for (const std::string& sql : to_sql(CreateTable{to, store_.tables().describe(from).value(), false}, dialect_)) client_.execute(sql);
  fill(from, to, all_columns(from));
}

void SqliteDestination::replace(const ReplaceTable& step) {
  if (tables_.kind_of(step.to) != TableKind::table) {
    drop(step.to);
    return rename(step.from, step.to);
  }
  const Schema columns = store_.tables().describe(step.from).value();
  within(to_string(step.to), [&] {
    lost_.add(step.to, anew_.replace(step.to, columns, [&] { fill(step.from, step.to, all_columns(step.from)); }));
  });
}

std::vector<CopiedColumn> SqliteDestination::all_columns(const TableName& from) {
  const Schema schema = store_.tables().describe(from).value();
  std::vector<CopiedColumn> columns;
  for (const Column& column : schema.columns) {
    columns.push_back({column.name, column.name, column.type, column.type});
  }
  return columns;
}

// The values become those of the target while they are still where both types are known. A column has one target, so once is
// enough for all steps.
void SqliteDestination::convert(const TableName& from, const std::vector<CopiedColumn>& columns) {
  std::vector<Step> steps;
  for (const CopiedColumn& column : columns) {
    if (!changes_value(column) || !converted_.emplace(from.table, column.from).second) continue;
    steps.push_back(RetypeColumn{from, column.from, column.from_type, column.to_type});
  }
  if (!steps.empty()) store_.tables().apply(steps);
}

void SqliteDestination::fill(const TableName& from, const TableName& to, const std::vector<CopiedColumn>& columns) {
  convert(from, columns);
  const std::vector<SqliteTables::TableColumn> there = tables_.columns(to);
  std::vector<SqliteColumn> carried;
  for (const CopiedColumn& column : columns) {
    const SqliteTables::TableColumn* found = find_named(there, column.to);
    carried.push_back({column.from, column.to, column.to_type, found == nullptr ? sqlite_type(column.to_type) : found->declared});
  }
  duck::Connection& reader = store_.reader();
  rows_to_sqlite(reader, store_.name_of(from), carried, client_, tables_.keeping_all(to, "INSERT INTO " + dialect_.table(to)), context_.stop);
}

// They are found by the key, and those to be deleted by the column that has their values.
void SqliteDestination::with_rows(const RowChange& change, const std::vector<std::string>& statements) {
  convert(*change.landing, change.columns);
  std::vector<SqliteColumn> carried;
  std::vector<std::string> definitions, indexed;
  for (const CopiedColumn& column : change.columns) {
    carried.push_back({column.from, column.to, column.to_type, sqlite_type(column.to_type)});
    definitions.push_back(fmt::format("{} {}", dialect_.identifier(column.to), carried.back().declared));
  }
  for (const std::string& name : change.found_by) {
    const CopiedColumn& column = *std::ranges::find(change.columns, name, &CopiedColumn::to);
    check_key_values(change.table, column);
    indexed.push_back(dialect_.indexed(name, column.to_type, client_.collation_of(change.table.table, name)));
  }
  client_.execute(fmt::format("CREATE TABLE {} ({})", SqliteDialect::kRows, fmt::join(definitions, ", ")));
  duck::Connection& reader = store_.reader();
  rows_to_sqlite(reader, store_.name_of(*change.landing), carried, client_, fmt::format("INSERT INTO {}", SqliteDialect::kRows), context_.stop);
  client_.execute(fmt::format("CREATE INDEX temp._ingestr_rows_key ON _ingestr_rows ({})", fmt::join(indexed, ", ")));
  check_distinct_keys(change.table, change.key);
  if (change.deletes) {
    remove(change.table, statements);
  } else {
    for (const std::string& sql : statements) client_.execute(tables_.keeping_all(change.table, sql));
  }
  client_.execute(fmt::format("DROP TABLE {}", SqliteDialect::kRows));
}

// In a column without a type the number 1 and the text 1 are two values, and it may have both.
void SqliteDestination::check_key_values(const TableName& to, const CopiedColumn& column) {
  const std::vector<SqliteTables::TableColumn> there = tables_.columns(to);
  const SqliteTables::TableColumn* found = find_named(there, column.to);
  if (found == nullptr || !found->declared.empty() || sqlite_value_type(column.to_type).id != TypeId::varchar) return;
  const std::string name = dialect_.identifier(column.to);
  const uint64_t rows = client_.number(fmt::format("SELECT count(*) FROM {} WHERE typeof({}) NOT IN ('null', 'text')", dialect_.table(to), name));
  const Check check{"", fmt::format("column {} of {}: {{}} a value that is no text in it, and is the key of no text, because the column is declared "
                                    "without a type; give it one there, or replace the table with --full-refresh",
                                    column.to, to_string(to))};
  check.judge(rows);
}

// Rows that landed have keys of their own by their bytes, which may be one by the collation of the target's column.
void SqliteDestination::check_distinct_keys(const TableName& to, const std::vector<std::string>& key) {
  std::vector<std::string> same, first, second, collations;
  for (const std::string& column : key) {
    const std::string name = dialect_.identifier(column), collation = client_.collation_of(to.table, column);
    const bool is_binary = equal_ignoring_case(collation, "BINARY");
    same.push_back(fmt::format("a.{0}{1} = b.{0}", name, is_binary ? "" : " COLLATE " + dialect_.identifier(collation)));
    first.push_back(fmt::format("coalesce(CAST(a.{} AS TEXT), '')", name));
    second.push_back(fmt::format("coalesce(CAST(b.{} AS TEXT), '')", name));
    if (!is_binary) collations.push_back(fmt::format("{} COLLATE {}", column, collation));
  }
  if (collations.empty()) return;
  const auto rows = client_.query(fmt::format("SELECT {}, {} FROM {} AS a, {} AS b WHERE a.rowid < b.rowid AND {} ORDER BY a.rowid LIMIT 1",
                                              fmt::join(first, " || ', ' || "), fmt::join(second, " || ', ' || "), SqliteDialect::kRows,
                                              SqliteDialect::kRows, fmt::join(same, " AND ")));
  if (rows.empty()) return;
  constexpr size_t kShownKeyBytes = 100;
  throw Error(ErrorKind::bad_data,
              fmt::format("two rows of the source have keys that are one to the table, whose key is {}: \"{}\" and \"{}\"; leave one out in the source, or make "
                          "the table anew with --full-refresh",
                          fmt::join(collations, ", "), shorten(rows[0][0].value_or(""), kShownKeyBytes),
                          shorten(rows[0][1].value_or(""), kShownKeyBytes)));
}

// The lowest and the highest are found where the engine compares values by their type.
void SqliteDestination::remove_range(const DeleteLandedRange& step) {
  convert(step.from, {step.column});
  duck::Connection& reader = store_.reader();
  const auto bound = [&](std::string_view function) {
    const std::string value = sqlite_value(fmt::format("{}({})", function, duck::quote_name(step.column.from)), step.column.to_type);
    return reader.query(fmt::format("SELECT {} AS bound FROM {}", value, store_.name_of(step.from))).at(0).at(0);
  };
  const std::optional<std::string> low = bound("min"), high = bound("max");
  if (!low || !high) return;
  const auto literal = [&](const std::string& text) {
    const TypeId type = sqlite_value_type(step.column.to_type).id;
    if (type == TypeId::bigint) return text;
    return type == TypeId::double_ ? fmt::format("_ingestr_double({})", duck::quote_text(text)) : duck::quote_text(text);
  };
  remove(step.table, {dialect_.delete_range(step.table, step.column, literal(*low), literal(*high))});
}

void SqliteDestination::remove(const TableName& table, const std::vector<std::string>& deletions) {
  const bool may_keep_rows = tables_.has_triggers(table);
  for (const std::string& deletion : deletions) {
    client_.execute(deletion);
    if (may_keep_rows) require_gone(deletion, [this](const std::string& select) { return client_.number(select); });
  }
}

void SqliteDestination::close() {
  made_.keep();
  store_.keep();
}

}  // namespace

std::unique_ptr<Destination> open_sqlite_file(const fs::path& path, Access access, const Context& context, OpenStore open_store) {
  if (fs::is_directory(path)) {
    throw Error(ErrorKind::usage, fmt::format("cannot open {}: it is a directory; name a file in it", path.string()));
  }
  if (access == Access::look) return look_at_sqlite(path, context);
  return std::make_unique<SqliteDestination>(path, context, std::move(open_store));
}

Connector sqlite_destination_connector(OpenStore open_store) {
  Connector connector;
  connector.schemes = {"sqlite"};
  connector.title = "SQLite";
  connector.example_uri = "sqlite:///file.db";
  connector.open_destination = [open_store = std::move(open_store)](const Uri& uri, Access access, const Context& context) {
    return open_sqlite_file(database_path(uri), access, context, open_store);
  };
  return connector;
}

}  // namespace ingestr
