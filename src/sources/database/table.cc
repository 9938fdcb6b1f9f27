#include "sources/database/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "duck/row_width.h"
#include "duck/text.h"
#include "duck/values.h"
#include "engine/interval.h"
#include "sources/database/query.h"
#include "sources/database/refusal.h"
#include "sources/database/session.h"
#include "sources/database/side_by_side.h"
#include "sources/database/windows.h"

namespace ingestr::database {
namespace {

constexpr uint64_t kConnections = 4;  // that windows are read by

// What the engine says when it has no database of a name, or one of its own that is called so.
bool may_name_a_catalog(const Error& error) { return contains(error.what(), "Catalog \"") || contains(error.what(), "does not exist"); }

class DatabaseTable final : public Table {
 public:
  DatabaseTable(std::string_view name, std::shared_ptr<const System> system, const SourceOptions& options, std::stop_token stop)
      : system_(std::move(system)),
        stop_(std::move(stop)),
        query_(query_text(name)),
        window_column_(options.window_column),
        window_step_(parse_window_step(options.window_step)),
        connections_(options.parallelism.value_or(kConnections)) {
    spec_.name = name;
    if (!query_) table_ = parse_table_name(name);
  }

  const TableSpec& spec() const override { return spec_; }

  void prepare(const ReadRequest& request) override {
    duck::Connection connection = describe(request);
    for (const ReadColumn& column : columns_) spec_.schema.columns.push_back({column.name, column.type});
    if (!window_column_.empty()) window_column(spec_.schema, window_column_, window_step_);
    if (table_) {
      const auto key = asked([&] { return connection.query("FROM " + system_->scan(system_->primary_key_query(*table_))); });
      for (const auto& row : key) spec_.primary_key.push_back(row.at(0).value());
      interval_column(spec_, request);
      asked([&] { measure(connection, request); });
    }
  }

  std::optional<Relation> relation(const ReadRequest& request) override {
    if (reads_windows(request) || by_own_name_) return std::nullopt;
    // Of one engine with the file, nothing is to be fetched to know its tables.
    const auto detach = fmt::format("DETACH DATABASE IF EXISTS {}", kCatalog);
    return Relation{.before = system_->attach(),
                    .after = system_->extension() ? std::vector<std::string>{detach} : std::vector<std::string>(),
                    .select = parallel_ ? here("FROM " + parallel_->from, request) : select(request),
                    .schema = spec_.schema,
                    .row_bytes = row_bytes_,
                    .rows = rows_,
                    .check = parallel_ ? parallel_->check : nullptr,
                    .explain = explain(),
                    .origin = system_->origin(columns_, there(request, ""))};
  }

  void read(const ReadRequest& request, BatchSink& rows) override {
    if (columns_.empty()) prepare(request);
    try {
      reads_windows(request) ? read_windows(request, rows) : read_whole(request, rows);
    } catch (const Error& error) {
      if (const auto told = system_->is_server() ? read_failure(wanted(), error) : std::nullopt) throw *told;
      throw;
    }
  }

 private:
  void read_whole(const ReadRequest& request, BatchSink& rows) const {
    duck::Connection connection = connect(*system_, stop_, by_own_name_);
    asked([&] {
      // One for all: SQLite's extension lets go of the file between transactions, and a statement is prepared before it runs.
      duck::Transaction transaction(connection);
      connection.read(select(request), spec_.schema, rows);
      transaction.commit();
    });
  }

  // Of a table only: a query is not asked twice, for it may take long.
  void measure(duck::Connection& connection, const ReadRequest& request) {
    rows_ = expected_rows(connection, request);
    if (connections_ > 1 && !request.has_interval() && !request.limit) parallel_ = system_->parallel_scan(connection, *table_, columns_);
    row_bytes_ = duck::row_width(connection, select({.limit = duck::kWidthSampleRows}));
  }

  // So many rows as are wanted come from anywhere, so there is nothing to cut.
  bool reads_windows(const ReadRequest& request) const { return !window_column_.empty() && !request.limit; }

  void read_windows(const ReadRequest& request, BatchSink& rows) const {
    const Column& column = window_column(spec_.schema, window_column_, window_step_);
    const auto conditions = window_conditions(*system_, column, window_step_, bounds(column, request), connections_);
    read_side_by_side(conditions.size(), std::min<uint64_t>(connections_, conditions.size()), stop_, rows,
                      [&](size_t window, std::optional<duck::Connection>& connection, std::stop_token stop, BatchSink& sink) {
                        if (!connection) connection.emplace(connect(*system_, std::move(stop), by_own_name_));
                        asked([&] { connection->read(select(request, conditions[window]), spec_.schema, sink); });
                      });
  }

  // Nothing: no row has a value there.
  std::optional<WindowBounds> bounds(const Column& column, const ReadRequest& request) const {
    duck::Connection connection = connect(*system_, stop_, by_own_name_);
    const ReadColumn& source = *find_named(columns_, column.name);
    // Infinite times are in the first and the last window, wherever these end; a date may be none that is a timestamp.
    const std::string ends = fmt::format("SELECT min({0}) AS least, max({0}) AS greatest {1}", source.there, there(request, ""));
    const auto value = [&](std::string_view end) {
      return right(source, end, is_time(column.type) ? fmt::format("CASE WHEN isfinite({0}) THEN epoch_us(TRY_CAST({0} AS TIMESTAMP)) END", end)
                                                     : fmt::format("CAST({} AS BIGINT)", end));
    };
    const auto found = asked([&] {
      return connection.query(fmt::format("SELECT {}, {} FROM {}", value("least"), value("greatest"), system_->scan(ends)));
    });
    const auto& [least, greatest] = std::tie(found.at(0).at(0), found.at(0).at(1));
    if (!least || !greatest) return std::nullopt;
    return WindowBounds{std::stoll(*least), std::stoll(*greatest)};
  }

  Selection selection_of(const ReadRequest& request) const {
    // A comment at the end of the query must not take what follows.
    if (query_) return {with_interval(*query_, request, *system_) + "\n", std::nullopt};
    const std::string name = system_->identifier(table_->table);
    if (table_->schema.empty()) return {fmt::format("SELECT * FROM {}", name), table_};
    return {fmt::format("SELECT * FROM {}{}.{}", system_->before_schema(by_own_name_), system_->identifier(table_->schema), name), table_};
  }

  Wanted wanted() const { return {spec_.name, system_->shown(), query_.has_value()}; }

  std::function<std::optional<SourceFailure>(const Error& error)> explain() const {
    if (!system_->is_server()) return nullptr;
    return [wanted = wanted()](const Error& error) { return read_failure(wanted, error); };
  }

  // What the database is asked, by a connection to it alone.
  template <class Work>
  std::invoke_result_t<Work&> asked(Work&& work) const {
    try {
      return work();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) throw;
      throw refusal(wanted(), error);
    }
  }

  std::vector<ReadColumn> described(duck::Connection& connection, const Selection& selection) const {
    std::vector<ReadColumn> columns = asked([&] { return system_->columns(connection, selection); });
    check_names(wanted(), columns);
    return columns;
  }

  // Learns the columns, and gives the connection that it took.
  duck::Connection describe(const ReadRequest& request) {
    try {
      duck::Connection connection = connect(*system_, stop_);
      columns_ = described(connection, selection_of(request));
      return connection;
    } catch (const Error& error) {
      by_own_name_ = may_name_a_catalog(error) && !system_->attach_by_own_name().empty();
      if (!by_own_name_) throw;
    }
    duck::Connection connection = connect(*system_, stop_, by_own_name_);
    columns_ = described(connection, selection_of(request));
    return connection;
  }

  // About so many; nobody knows how many an interval has.
  uint64_t expected_rows(duck::Connection& connection, const ReadRequest& request) const {
    const std::string count = system_->row_count_query(*table_);
    if (count.empty() || request.has_interval()) return 0;
    uint64_t rows = 0;
    for (const auto& row : connection.query("FROM " + system_->scan(count))) rows = std::stoull(row.at(0).value_or("0"));
    return request.limit ? std::min(rows, *request.limit) : rows;
  }

  // The rows of the interval, in which none is whose time is NULL. A time beside a column without zone is one of UTC.
  std::string condition(const ReadRequest& request, const std::function<std::string(SystemTime, const Type&)>& literal) const {
    const Column* key = query_ ? nullptr : interval_column(spec_, request);
    if (key == nullptr) return "true";
    std::vector<std::string> parts;
    const std::string name = system_->identifier(key->name);
    if (request.interval_start) parts.push_back(fmt::format("{} >= {}", name, literal(*request.interval_start, key->type)));
    if (request.interval_end) parts.push_back(fmt::format("{} <= {}", name, literal(*request.interval_end, key->type)));
    if (const std::string none = system_->null_time(name); !none.empty()) parts.push_back(fmt::format("NOT ({})", none));
    return fmt::format("{}", fmt::join(parts, " AND "));
  }

  static std::string limit(const ReadRequest& request) {
    return request.limit ? fmt::format(" LIMIT {}", *request.limit) : "";
  }

  // What follows the columns, in the database's SQL. `window`: a condition as well; empty: none.
  std::string there(const ReadRequest& request, const std::string& window) const {
    const auto own = [&](SystemTime time, const Type& type) { return system_->time(time, type); };
    const bool all = !system_->compares_times();
    const std::string conditions = (all ? "true" : condition(request, own)) + (window.empty() ? "" : " AND " + window);
    return fmt::format("FROM ({}) AS {}{}{}", selection_of(request).select, system_->identifier("rows"),
                       conditions == "true" ? "" : " WHERE " + conditions, all ? "" : limit(request));
  }

  // What is made of a value of a column, unless the value is not the database's.
  std::string right(const ReadColumn& column, std::string_view value, const std::string& made) const {
    if (column.wrong_where.empty()) return made;
    const std::string sentence = fmt::format("column {} of {} {}", column.name, query_ ? "the query of --source-table" : spec_.name, column.wrong_because);
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", fmt::format(fmt::runtime(column.wrong_where), value), duck::raise(duck::quote_text(sentence)), made);
  }

  // What becomes of the rows in the engine.
  std::string here(const std::string& from, const ReadRequest& request) const {
    std::vector<std::string> values;
    for (const ReadColumn& column : columns_) {
      const std::string name = duck::quote_name(column.name);
      const bool goes_back = std::ranges::find(request.going_back, column.name) != request.going_back.end();
      values.push_back(fmt::format("{} AS {}", goes_back ? column.here : right(column, name, column.here), name));
    }
    return fmt::format("SELECT {} {}", fmt::join(values, ", "), from);
  }

  std::string select(const ReadRequest& request, const std::string& window = "") const {
    std::vector<std::string> read;
    for (const ReadColumn& column : columns_) read.push_back(fmt::format("{} AS {}", column.there, system_->identifier(column.name)));
    const std::string given = here("FROM " + system_->scan(fmt::format("SELECT {} {}", fmt::join(read, ", "), there(request, window))), request);
    if (system_->compares_times()) return given;
    const auto engines = [](SystemTime time, const Type& type) {
      return fmt::format("{} '{}'", type.id == TypeId::timestamp_tz ? "TIMESTAMPTZ" : "TIMESTAMP", format_iso(time));
    };
    return fmt::format("SELECT * FROM ({}) WHERE {}{}", given, condition(request, engines), limit(request));
  }

  std::shared_ptr<const System> system_;
  std::stop_token stop_;
  std::optional<std::string> query_;
  std::string window_column_;  // empty: no windows
  WindowStep window_step_;
  uint64_t connections_;
  std::optional<TableName> table_;
  TableSpec spec_;
  std::vector<ReadColumn> columns_;
  bool by_own_name_ = false;           // the database is called so in what is read
  std::optional<ParallelScan> parallel_;  // of the request that it is prepared for
  uint64_t row_bytes_ = 0;
  uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Table> open_table(std::string_view name, std::shared_ptr<const System> system, const SourceOptions& options,
                                  std::stop_token stop) {
  return std::make_unique<DatabaseTable>(name, std::move(system), options, std::move(stop));
}

}  // namespace ingestr::database
