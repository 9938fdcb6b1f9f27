#include "sources/database/postgres.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>

#include "base/time.h"
#include "database/postgres_client.h"
#include "database/postgres_rows.h"
#include "database/postgres_server.h"
#include "database/postgres_types.h"
#include "database/statement_mark.h"
#include "duck/text.h"
#include "sources/database/postgres_check.h"
#include "sources/database/source.h"

namespace ingestr {
namespace {

using namespace database;

// How a type is read. `there` and `here` are what the column is cast to; empty: as it is.
struct PostgresType {
  std::string_view name;  // as format_type() has it, without precision
  std::string_view there;
  std::string_view here;
  TypeId type;
};

constexpr PostgresType kPostgresTypes[] = {
    {"boolean", "", "", TypeId::boolean},
    {"smallint", "", "", TypeId::smallint},
    {"integer", "", "", TypeId::integer},
    {"bigint", "", "", TypeId::bigint},
    {"oid", "bigint", "", TypeId::bigint},
    {"real", "", "", TypeId::real},
    {"double precision", "", "", TypeId::double_},
    {"text", "", "", TypeId::varchar},
    {"character varying", "", "", TypeId::varchar},
    {"character", "text", "", TypeId::varchar},
    {"bytea", "", "", TypeId::blob},
    {"date", "", "", TypeId::date},
    {"time without time zone", "", "", TypeId::time},
    {"timestamp without time zone", "", "", TypeId::timestamp},
    {"timestamp with time zone", "", "", TypeId::timestamp_tz},
    {"interval", "", "", TypeId::interval},
    {"uuid", "", "", TypeId::uuid},
    {"json", "", "JSON", TypeId::json},
    {"jsonb", "", "JSON", TypeId::json},
};

// Of a table that is read by several connections: least pages of 8 KB, and most tables and indexes of the database.
constexpr int kParallelPages = 2'000;
constexpr int kParallelCatalog = 20'000;

// All others: enums, ranges, network addresses, bit strings, money, xml, time with zone, composites…
constexpr PostgresType kPostgresText = {"", "text", "", TypeId::varchar};

const PostgresType& rule_for(std::string_view name) {
  const auto* rule = std::ranges::find(kPostgresTypes, name, &PostgresType::name);
  return rule == std::end(kPostgresTypes) ? kPostgresText : *rule;
}

std::string cast(const std::string& value, std::string_view type) {
  return type.empty() ? value : fmt::format("CAST({} AS {})", value, type);
}

// A column `a` is one of the key of an index `i`, behind whose columns, which are counted from 0, stand those that it INCLUDEs.
constexpr std::string_view kPlaceInKey = "pg_catalog.array_position(i.indkey::int2[], a.attnum)";
std::string key_columns() {
  return fmt::format("pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND {} < i.indnkeyatts", kPlaceInKey);
}

class Postgres final : public System {
 public:
  Postgres(const Uri& uri, const Context& context) : server_(uri, context), stop_(context.stop) {}

  std::string shown() const override { return server().shown(); }
  std::optional<duck::Extension> extension() const override { return duck::Extension::postgres; }
  void reach() const override {
    std::call_once(reached_, [this] {
      PostgresServer found = PostgresClient(server(), stop_).server();
      const std::lock_guard lock(mutex_);
      server_ = std::move(found);
    });
  }
  std::vector<std::string> attach() const override { return server().attach(kCatalog, PostgresServer::Mode::read_only); }
  Error connect_failure(const Error& error) const override { return server().connect_failure(error); }

  SqlFamily family() const override { return SqlFamily::postgres; }
  std::string identifier(std::string_view name) const override { return duck::quote_name(name); }

  std::string time(SystemTime time, const Type& type) const override {
    return fmt::format("{} {}", type.id == TypeId::timestamp_tz ? "TIMESTAMPTZ" : "TIMESTAMP", duck::quote_text(format_iso(time)));
  }
  // Without a type it would be cut to a day beside a date. The type stands behind, for the user may have put one before. UTC is the session's zone.
  std::string time_in_query(SystemTime time, Side) const override { return duck::quote_text(format_iso(time)) + "::timestamptz"; }

  std::string scan(const std::string& select) const override {
    return fmt::format("postgres_query('{}', {})", kCatalog, duck::quote_text(mark_.on(select)));
  }

  void cancel() const override {
    PostgresClient(server(), {}).execute(fmt::format(
        "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND "
        "pid <> pg_catalog.pg_backend_pid() AND pg_catalog.strpos(query, '{}') > 0",
        mark_.text()));
  }

  std::shared_ptr<const Origin> origin(const std::vector<ReadColumn>& columns, const std::string& from) const override;
  std::optional<ParallelScan> parallel_scan(duck::Connection& connection, const TableName& table,
                                            const std::vector<ReadColumn>& columns) const override;
  std::vector<ReadColumn> columns(duck::Connection& connection, const Selection& selection) const override;
  std::string primary_key_query(const TableName& table) const override;
  std::string row_count_query(const TableName& table) const override;
  std::string tables_query() const override;

 private:
  PostgresServer server() const {
    const std::lock_guard lock(mutex_);
    return server_;
  }
  // Its oid, in SQL.
  std::string relation(const TableName& table) const;
  std::vector<std::string> type_names(duck::Connection& connection, const Selection& selection, const Schema& found) const;

  mutable std::once_flag reached_;
  mutable std::mutex mutex_;  // of server_: whoever cancels looks at it while it is reached
  mutable PostgresServer server_;
  std::stop_token stop_;
  StatementMark mark_;
};

// Of each column; a domain is what it is made of, which may be a domain. No row is read: the join's right side is empty by what can
// be seen before.
std::vector<std::string> Postgres::type_names(duck::Connection& connection, const Selection& selection,
                                              const Schema& found) const {
  std::vector<std::string> types;
  for (const Column& column : found.columns) types.push_back(fmt::format("pg_catalog.pg_typeof(q.{})::oid", identifier(column.name)));
  const auto rows = connection.query("FROM " + scan(fmt::format(
      "SELECT (WITH RECURSIVE made_of AS (SELECT c.type UNION ALL SELECT t.typbasetype FROM made_of JOIN pg_catalog.pg_type t ON t.oid = made_of.type "
      "WHERE t.typtype = 'd') SELECT pg_catalog.format_type(t.oid, NULL) FROM made_of JOIN pg_catalog.pg_type t ON t.oid = made_of.type WHERE "
      "t.typtype <> 'd') AS name FROM (SELECT ARRAY[{}] AS types FROM (SELECT 1) one LEFT JOIN (SELECT * FROM ({}) s WHERE false) q ON true) f, "
      "pg_catalog.unnest(f.types) WITH ORDINALITY AS c(type, place) ORDER BY c.place", fmt::join(types, ", "), selection.select)));
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.at(0).value_or(""));
  return names;
}

ReadColumn numeric_column(const std::string& name, const std::string& there, const Type& found) {
  // Without a precision, or with one that no DECIMAL has, the digits are text.
  const bool fits = found.id == TypeId::decimal && found.precision <= 38 && found.scale <= found.precision;
  if (!fits) return {name, cast(there, "text"), there, TypeId::varchar};
  // DuckDB reads NaN in PostgreSQL's binary form as 0, so the server stops at one: what it is to read there is no number.
  const std::string sentence = fmt::format(" in column {}, which {} has not; read it with query:SELECT {} AS {}", name, to_string(found), cast(there, "text"), there);
  // Made of the value, or the server would find out before it looks at one.
  const std::string refused = fmt::format("CAST(CAST({} AS text) || {} AS numeric)", there, duck::quote_text(sentence));
  const std::string is_nan = fmt::format("{} = 'NaN'", there);
  return {name,
          fmt::format("CAST(CASE WHEN {} THEN {} ELSE {} END AS numeric({},{}))", is_nan, refused, there, found.precision, found.scale),
          there, found, is_nan, "NaN" + sentence};
}

bool is_list_of_blobs(const Type& type) { return type.id == TypeId::list && type.element->id == TypeId::blob; }

// To the engine's scan it is the text of an array, in the form that bytea_output says. So its values come as their digits, in an array of
// texts; of several dimensions it is refused as such.
ReadColumn blobs_column(const std::string& name, const std::string& column) {
  return {name,
          fmt::format("CASE WHEN pg_catalog.array_ndims({0}) = 1 THEN ARRAY(SELECT pg_catalog.encode(e.value, 'hex') FROM pg_catalog.unnest({0}) WITH ORDINALITY AS "
                      "e(value, place) ORDER BY e.place) ELSE CAST({0} AS text[]) END", column),
          fmt::format("[from_hex(x) FOR x IN {}]", column), Type::list_of(TypeId::blob)};
}

ReadColumn array_column(const std::string& name, const std::string& there, std::string_view element) {
  if (element == "bytea") return blobs_column(name, there);
  const PostgresType& rule = rule_for(element);
  const std::string here = rule.here.empty() ? there : cast(there, fmt::format("{}[]", rule.here));
  return {name, rule.there.empty() ? there : cast(there, fmt::format("{}[]", rule.there)), here, Type::list_of(rule.type)};
}

// A timestamp that the engine has no room for has become one before any of PostgreSQL's. Empty: none can be there.
std::string is_wrapped(const std::string& value, const Type& type) {
  if (type.id == TypeId::list) {
    const std::string element = is_wrapped("x", *type.element);
    return element.empty() ? "" : fmt::format("len([x FOR x IN {} IF {}]) > 0", value, element);
  }
  if (type.id != TypeId::timestamp && type.id != TypeId::timestamp_tz) return "";
  return fmt::format("{0} < {1} '10000-01-01 (BC)' AND isfinite({0})", value, to_string(type));
}

std::vector<ReadColumn> Postgres::columns(duck::Connection& connection, const Selection& selection) const {
  const Schema found = connection.describe("FROM " + scan(selection.select));
  const std::vector<std::string> types = type_names(connection, selection, found);
  std::vector<ReadColumn> columns;
  for (size_t i = 0; i < found.columns.size(); ++i) {
    const std::string& name = found.columns[i].name;
    const std::string column = identifier(name);
    const std::string_view type = types[i];
    if (type == "numeric") {
      columns.push_back(numeric_column(name, column, found.columns[i].type));
    } else if (type.ends_with("[]")) {
      columns.push_back(array_column(name, column, type.substr(0, type.size() - 2)));
    } else {
      const PostgresType& rule = rule_for(type);
      columns.push_back({name, cast(column, rule.there), cast(column, rule.here), rule.type});
      if (&rule != &kPostgresText && rule.there.empty()) columns.back().unread_where = "";
    }
    if (const std::string wrapped = is_wrapped("{0}", columns.back().type); !wrapped.empty()) {
      columns.back().wrong_where = wrapped;
      columns.back().wrong_because = fmt::format("has a timestamp after the year 294246, beyond which none can be carried; read it with "
                                                 "query:SELECT CAST({0} AS text) AS {0}", column);
    }
    Type& ours = columns.back().type;
    const std::optional<std::string> carried = ours.id == TypeId::decimal ? std::nullopt : carried_type(type);
    if (carried) ours = ours.of_source({std::string(kPostgres), *carried});
  }
  return columns;
}

// The extension splits a table by its pages, and reads all parts in one exported snapshot. It first reads the catalog of all tables.
std::optional<ParallelScan> Postgres::parallel_scan(duck::Connection& connection, const TableName& table,
                                                    const std::vector<ReadColumn>& columns) const {
  std::vector<std::string> conditions, sentences;
  Schema wanted;
  for (const ReadColumn& column : columns) {
    if (!column.unread_where) return std::nullopt;
    wanted.columns.push_back({column.name, column.type});
    if (column.unread_where->empty()) continue;
    conditions.push_back(*column.unread_where);
    sentences.push_back(fmt::format("WHEN {} THEN {}", *column.unread_where, duck::quote_text(column.unread_because)));
  }
  const auto found = connection.query("FROM " + scan(fmt::format(
      "SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {} AND c.relkind = 'r' AND NOT c.relhassubclass "
      "AND c.relpages >= {} AND (SELECT count(*) FROM pg_catalog.pg_class) < {}",
      relation(table), kParallelPages, kParallelCatalog)));
  if (found.empty()) return std::nullopt;
  const std::string there = fmt::format("{}.{}", identifier(found[0][0].value()), identifier(found[0][1].value()));
  ParallelScan parallel{fmt::format("{}.{}", kCatalog, there), {}};
  // What it makes of a domain is another type.
  if (connection.describe("FROM " + parallel.from) != wanted) return std::nullopt;
  if (!conditions.empty()) {
    const std::string sentence = fmt::format("SELECT CASE {} END AS sentence FROM {} WHERE {} LIMIT 1", fmt::join(sentences, " "), there,
                                             fmt::join(conditions, " OR "));
    const std::string snapshot = "FROM " + scan("SELECT pg_catalog.pg_export_snapshot() AS snapshot");
    parallel.check = [server = server(), stop = stop_, sentence, snapshot](duck::Connection& its) {
      return check_postgres_rows(server, its.query(snapshot).at(0).at(0).value(), sentence, stop);
    };
  }
  return parallel;
}

// A number may be NaN there, which is refused on the way into the engine only; so are blobs in lists other than they are.
std::shared_ptr<const Origin> Postgres::origin(const std::vector<ReadColumn>& columns, const std::string& from) const {
  std::vector<PostgresRows::Value> values;
  for (const ReadColumn& column : columns) {
    const std::string name = identifier(column.name);
    const bool as_it_is = column.type.id == TypeId::decimal || is_list_of_blobs(column.type);
    values.push_back({cast(as_it_is ? name : column.there, postgres_type(column.type)),
                      column.type.source ? cast(name, column.type.source->name) : ""});
  }
  return std::make_shared<PostgresRows>(server(), std::move(values), from);
}

std::string Postgres::relation(const TableName& table) const {
  const std::string name = table.schema.empty() ? identifier(table.table) : identifier(table.schema) + "." + identifier(table.table);
  return fmt::format("pg_catalog.to_regclass({})", duck::quote_text(name));
}

// What the last ANALYZE found; a table with partitions has no count of its own before version 14.
std::string Postgres::row_count_query(const TableName& table) const {
  return fmt::format("SELECT greatest(c.reltuples, 0)::bigint::text AS rows_there FROM pg_catalog.pg_class c WHERE c.oid = {}", relation(table));
}

std::string Postgres::primary_key_query(const TableName& table) const {
  return fmt::format("SELECT a.attname::text AS name FROM {} WHERE i.indisprimary AND i.indrelid = {} ORDER BY {}", key_columns(), relation(table), kPlaceInKey);
}

std::string Postgres::tables_query() const {
  return fmt::format(
      "SELECT n.nspname::text AS schema, c.relname::text AS name, "
      "CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind, "
      "(SELECT pg_catalog.string_agg(a.attname::text, E'\\n' ORDER BY {}) FROM {} WHERE i.indisprimary AND i.indrelid = c.oid) AS key, "
      "pg_catalog.has_table_privilege(c.oid, 'SELECT')::text AS readable "
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition "
      "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2",
      kPlaceInKey, key_columns());
}

std::unique_ptr<Source> open_postgres(const Uri& uri, const SourceOptions& options, const Context& context) {
  return make_source(std::make_shared<Postgres>(uri, context), options, context.stop);
}

}  // namespace

Connector postgres_connector() {
  Connector connector = describe_postgres();
  connector.finds_primary_keys = true;
  connector.reads_windows = true;
  connector.open_source = open_postgres;
  return connector;
}

}  // namespace ingestr
