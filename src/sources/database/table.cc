#include "sources/database/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/time.h"
#include "duck/row_width.h"
#include "duck/text.h"
#include "engine/interval.h"
#include "sources/database/query.h"
#include "sources/database/session.h"

namespace ingestr::database {
namespace {

// What a message of the engine says of a table that cannot be read.
ErrorKind kind_of(std::string_view words, const Error& error) {
  const auto says = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (says("does not exist") || says("doesn't exist") || says("no such table")) return ErrorKind::not_found;
  if (says("ermission denied") || says("denied to user")) return ErrorKind::auth;
  return error.kind() == ErrorKind::internal ? ErrorKind::usage : error.kind();
}

class DatabaseTable final : public Table {
 public:
  DatabaseTable(std::string_view name, std::shared_ptr<const System> system, std::stop_token stop)
      : system_(std::move(system)), stop_(std::move(stop)), query_(query_text(name)) {
    spec_.name = name;
    if (!query_) table_ = parse_table_name(name);
  }

  const TableSpec& spec() const override { return spec_; }

  void prepare(const ReadRequest& request) override {
    duck::Connection connection = connect(*system_, stop_);
    const Selection selection = selection_of(request);
    columns_ = described(connection, selection);
    for (const ReadColumn& column : columns_) spec_.schema.columns.push_back({column.name, column.type});
    if (table_) {
      for (const auto& row : connection.query("FROM " + system_->scan(system_->primary_key_query(*table_)))) {
        spec_.primary_key.push_back(row.at(0).value());
      }
      interval_column(spec_, request);
      // A query is not asked twice: it may take long.
      row_bytes_ = duck::row_width(connection, select({.limit = duck::kWidthSampleRows}));
    }
  }

  std::optional<Relation> relation(const ReadRequest& request) override {
    return Relation{.before = system_->attach(),
                    .select = select(request),
                    .schema = spec_.schema,
                    .row_bytes = row_bytes_,
                    .origin = system_->origin(columns_, there(request))};
  }

  void read(const ReadRequest& request, BatchSink& rows) override {
    if (columns_.empty()) prepare(request);
    duck::Connection connection = connect(*system_, stop_);
    // One for all: SQLite's extension lets go of the file between transactions, and a statement is prepared before it runs.
    duck::Transaction transaction(connection);
    connection.read(select(request), spec_.schema, rows);
    transaction.commit();
  }

 private:
  Selection selection_of(const ReadRequest& request) const {
    // A comment at the end of the query must not take what follows.
    if (query_) return {with_interval(*query_, request, *system_) + "\n", std::nullopt};
    const std::string name = system_->identifier(table_->table);
    return {fmt::format("SELECT * FROM {}", table_->schema.empty() ? name : system_->identifier(table_->schema) + "." + name),
            table_};
  }

  std::vector<ReadColumn> described(duck::Connection& connection, const Selection& selection) const {
    try {
      return system_->columns(connection, selection);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) throw;
      std::string_view words = error.what();
      if (words.starts_with("DuckDB: ")) words.remove_prefix(8);
      throw Error(kind_of(words, error),
                  query_ ? fmt::format("{} refuses the query of --source-table: {}", system_->shown(), words)
                         : fmt::format("{} cannot be read from {}: {}; `ingestr tables` lists what there is", spec_.name,
                                       system_->shown(), words));
    }
  }

  // The rows of the interval. A time beside a column without zone is one of UTC.
  std::string condition(const ReadRequest& request, const std::function<std::string(SystemTime, const Type&)>& literal) const {
    const Column* key = query_ ? nullptr : interval_column(spec_, request);
    if (key == nullptr) return "";
    std::vector<std::string> parts;
    const std::string name = system_->identifier(key->name);
    if (request.interval_start) parts.push_back(fmt::format("{} >= {}", name, literal(*request.interval_start, key->type)));
    if (request.interval_end) parts.push_back(fmt::format("{} <= {}", name, literal(*request.interval_end, key->type)));
    return fmt::format(" WHERE {}", fmt::join(parts, " AND "));
  }

  static std::string limit(const ReadRequest& request) {
    return request.limit ? fmt::format(" LIMIT {}", *request.limit) : "";
  }

  // What follows the columns, in the database's SQL.
  std::string there(const ReadRequest& request) const {
    const auto own = [&](SystemTime time, const Type& type) { return system_->time(time, type); };
    const bool all = !system_->compares_times();
    return fmt::format("FROM ({}) AS {}{}{}", selection_of(request).select, system_->identifier("rows"),
                       all ? "" : condition(request, own), all ? "" : limit(request));
  }

  std::string select(const ReadRequest& request) const {
    std::vector<std::string> read, here;
    for (const ReadColumn& column : columns_) {
      read.push_back(fmt::format("{} AS {}", column.there, system_->identifier(column.name)));
      here.push_back(fmt::format("{} AS {}", column.here, duck::quote_name(column.name)));
    }
    const std::string rows = fmt::format("SELECT {} {}", fmt::join(read, ", "), there(request));
    const std::string given = fmt::format("SELECT {} FROM {}", fmt::join(here, ", "), system_->scan(rows));
    if (system_->compares_times()) return given;
    const auto engines = [](SystemTime time, const Type& type) {
      return fmt::format("{} '{}'", type.id == TypeId::timestamp_tz ? "TIMESTAMPTZ" : "TIMESTAMP", format_iso(time));
    };
    return fmt::format("SELECT * FROM ({}){}{}", given, condition(request, engines), limit(request));
  }

  std::shared_ptr<const System> system_;
  std::stop_token stop_;
  std::optional<std::string> query_;
  std::optional<TableName> table_;
  TableSpec spec_;
  std::vector<ReadColumn> columns_;
  uint64_t row_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Table> open_table(std::string_view name, std::shared_ptr<const System> system, std::stop_token stop) {
  return std::make_unique<DatabaseTable>(name, std::move(system), std::move(stop));
}

}  // namespace ingestr::database
