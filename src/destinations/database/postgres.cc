#include "destinations/database/postgres.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "database/postgres_client.h"
#include "database/postgres_rows.h"
#include "database/postgres_server.h"
#include "database/postgres_types.h"
#include "destinations/database/generated.h"
#include "destinations/database/landing.h"
#include "destinations/database/postgres_dialect.h"
#include "destinations/database/postgres_fit.h"
#include "destinations/database/postgres_keys.h"
#include "destinations/database/postgres_lists.h"
#include "destinations/database/postgres_locks.h"
#include "destinations/database/postgres_replace.h"
#include "destinations/database/postgres_rights.h"
#include "destinations/database/postgres_tables.h"
#include "duck/text.h"
#include "duck/text_values.h"
#include "engine/remedy.h"
#include "engine/row_change.h"
#include "sql/apply.h"
#include "sql/kept_rows.h"
#include "sql/lost.h"
#include "sql/made_schemas.h"
#include "sql/rows.h"

namespace ingestr {
namespace {

using namespace database;

constexpr uint64_t kRowsBetweenLooks = 1'000;

// The engine hands on what libpq says.
Error land_failure(const PostgresServer& server, const Error& error) {
  const std::string_view words = error.what();
  const auto says = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (says("server closed the connection") || says("terminating connection") || says("SSL connection has been closed")) {
    return Error(ErrorKind::unavailable,
                 fmt::format("the connection to the PostgreSQL database {} was lost: the server ended it; see its log, and run again", server.shown()));
  }
  const bool is_full = says("No space left on device");
  return Error(is_full ? ErrorKind::unavailable : error.kind(),
               fmt::format("PostgreSQL ({}): {}{}", server.shown(), words, is_full ? kFullDiskAdvice : ""));
}

// A constraint that is deferred is looked at now, and is about the rows that came.
void commit(Transaction& transaction, const std::vector<Step>& steps) {
  const auto last = std::ranges::find_if(steps.rbegin(), steps.rend(), [](const Step& step) { return filled_table(step).has_value(); });
  if (last == steps.rend()) return transaction.commit();
  try {
    with_remedy(*last, [&] { transaction.commit(); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::constraint) throw;
    throw Error(error.kind(), fmt::format("{}: {}", to_string(*filled_table(*last)), error.what()));
  }
}

class PostgresDestination final : public Destination {
 public:
  PostgresDestination(const Uri& uri, Access access, const Context& context, std::shared_ptr<const duck::Database> engine)
      : shared_engine_(std::move(engine)),
        stop_(context.stop),
        log_(context.log),
        counters_(context.counters),
        client_(PostgresServer(uri, context), context.stop),
        locks_(client_, context.stop),
        tables_(client_) {
    if (access == Access::look) client_.only_read();
  }

  std::optional<Schema> describe(const TableName& table) override { return tables_.describe(table); }
  std::vector<std::string> computed_columns(const TableName& table) override { return generated_names(tables_.columns(table)); }
  TableName resolve(const TableName& table) const override { return tables_.resolve(table); }
  size_t longest_column_name() const override { return PostgresDialect::kLongestName; }
  void check_column(std::string_view name) const override;
  void check_count(size_t columns, bool ordered) const override;
  void check_key(const Column& column) const override;
  std::vector<Column> source_types(const Schema& landed) override;
  bool takes(const Origin& origin) const override { return dynamic_cast<const PostgresRows*>(&origin) != nullptr; }
  void keep_private() override { engine().keep_private(); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override;
  void apply(const std::vector<Step>& steps) override;
  void close() override { made_schemas_.keep(); }

 private:
  LandingEngine& engine();
  std::optional<uint64_t> take(const Origin& origin, const TableName& table, const std::vector<Column>& columns,
                               const std::function<void(uint64_t)>& taken);
  void apply_all(const std::vector<Step>& steps);
  void claim_landings(const std::vector<Step>& steps);
  void run(const Step& step);
  void create(const CreateSchema& step);
  void create(const CreateTable& step);
  void retype(const RetypeColumn& step);
  void close(CloseVersions step);
  void drop(const TableName& table);
  void drop_dead_landings();
  void drop_dead(const TableName& landing, int seconds);
  void rename(const RenameTable& step);
  void replace(const ReplaceTable& step);
  void fold(const Step& step, const std::vector<Step>& steps);
  void check_identities(const MergeRows& step);
  void check_fit(const RowChange& change);
  void check_sight(const RowChange& change);
  void remove(const Step& step, const RowChange& change);

  std::shared_ptr<const duck::Database> shared_engine_;
  std::stop_token stop_;
  Logger& log_;
  Counters& counters_;
  PostgresClient client_;
  PostgresLocks locks_;
  PostgresTables tables_;
  PostgresDialect dialect_;
  MadeSchemas made_schemas_{[this](const std::string& schema) {
    client_.execute(fmt::format("DROP SCHEMA IF EXISTS {}", dialect_.schema(schema)));
  }};
  std::vector<TableName> landings_;    // that the steps under way make
  LostParts lost_;                     // by the transaction under way
  std::optional<LandingEngine> engine_;  // made when rows come
};

LandingEngine& PostgresDestination::engine() {
  if (engine_) return *engine_;
  const PostgresServer server = client_.server();
  engine_.emplace(
      LandingEngine::Way{
          .attach = server.attach(LandingEngine::kCatalog, PostgresServer::Mode::read_write),
          .connect_failure = [server](const Error& error) { return server.connect_failure(error); },
          .look_again = "CALL pg_clear_cache()",
          .carried = [](const std::string& value, const Type& type) {
            if (type.id == TypeId::list && type.element->id == TypeId::list) return duck::to_json_sql(value, type);
            return is_list_of_texts({"", type, false}) ? marked_texts(value) : value;
          },
          .take = [this](const Origin& origin, const TableName& table, const std::vector<Column>& columns,
                         const std::function<void(uint64_t)>& taken) { return take(origin, table, columns, taken); },
          .settle = [this](const TableName& table, const std::vector<Column>& columns) {
            for (const Column& column : columns) {
              if (is_list_of_texts(column)) client_.execute(unmark_texts(table, column, dialect_));
            }
          },
          .land_failure = [server](const Error& error) { return land_failure(server, error); }},
      stop_, shared_engine_);
  return *engine_;
}

// From server to server in PostgreSQL's binary form: both know the same types by the same names.
std::optional<uint64_t> PostgresDestination::take(const Origin& origin, const TableName& table, const std::vector<Column>& columns,
                                                  const std::function<void(uint64_t)>& taken) {
  const auto* rows = dynamic_cast<const PostgresRows*>(&origin);
  if (rows == nullptr) return std::nullopt;
  std::vector<std::string> names, values;
  for (size_t i = 0; i < columns.size(); ++i) {
    names.push_back(dialect_.identifier(columns[i].name));
    values.push_back(columns[i].type.native ? rows->values.at(i).there : rows->values.at(i).ours);
  }
  const std::string select = fmt::format("SELECT {} {}", fmt::join(values, ", "), rows->from);
  PostgresClient source(rows->server, stop_);
  source.only_read();
  return client_.copy_in(
      fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", dialect_.table(table), fmt::join(names, ", ")),
      [&](const PostgresClient::Take& put) {
        uint64_t pieces = 0;
        source.copy_out(fmt::format("COPY ({}) TO STDOUT (FORMAT binary)", select), [&](std::string_view piece) {
          put(piece);
          if (++pieces % kRowsBetweenLooks == 0) taken(pieces);
        });
      });
}

void PostgresDestination::check_column(std::string_view name) const {
  constexpr std::string_view kSystemColumns[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  if (name == PostgresDialect::kPlace) throw helper_name(name);
  if (std::ranges::find(kSystemColumns, name) == std::end(kSystemColumns)) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("every table of PostgreSQL has a column {0} of its own, so that none can get another; rename the "
                          "source's, as in --columns {0}_::{0}, or leave it out with --sql-exclude-columns {0}",
                          name));
}

void PostgresDestination::check_count(size_t columns, bool ordered) const {
  constexpr size_t kMost = 1'600;
  if (columns + (ordered ? 1 : 0) <= kMost) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("a table of PostgreSQL has at most {} columns, {}and this one would have {}; leave some out with --sql-exclude-columns",
                          kMost, ordered ? "of which one counts the rows that land with a key, " : "", columns));
}

void PostgresDestination::check_key(const Column& column) const {
  const std::string ours = dialect_.type(column.type);
  const std::string type = has_equality(ours) && column.type.source ? column.type.source->name : ours;
  if (column.inferred || has_equality(type)) return;
  const std::string shown = type == "json" ? "JSON" : type;
  throw Error(ErrorKind::unsupported,
              fmt::format("{0} is {1}, and PostgreSQL cannot tell whether two {1} values are the same; name another --primary-key, or "
                          "give the column another type, as in --columns {0}:text",
                          column.name, shown));
}

// A server may be older than a type.
std::vector<Column> PostgresDestination::source_types(const Schema& landed) {
  std::vector<Column> columns;
  std::vector<std::string> known;
  for (const Column& column : landed.columns) {
    if (!column.type.source || column.type.source->database != kPostgres) continue;
    const std::string& name = column.type.source->name;
    columns.push_back({column.name, Type::native_of(name, is_numeric(name)), false});
    known.push_back(fmt::format("pg_catalog.to_regtype({}) IS NOT NULL", duck::quote_text(name)));
  }
  if (columns.empty()) return {};
  const Session::Row row = client_.query(fmt::format("SELECT {}", fmt::join(known, ", "))).at(0);
  std::vector<Column> there;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (row.at(i) == "t") there.push_back(columns[i]);
  }
  return there;
}

std::unique_ptr<Appender> PostgresDestination::append(const TableName& table, const Schema& schema) {
  return land_on_server(engine(), client_, dialect_, table, schema, stop_, counters_);
}

void PostgresDestination::apply(const std::vector<Step>& steps) {
  try {
    apply_all(steps);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth) throw;
    if (const auto why = refused_right(client_, steps)) throw Error(ErrorKind::auth, *why);
    throw;
  }
}

void PostgresDestination::apply_all(const std::vector<Step>& steps) {
  claim_landings(steps);
  lost_ = {};
  Transaction transaction(client_);
  if (std::ranges::any_of(steps, PostgresDialect::needs_functions)) client_.execute(PostgresDialect::functions());
  const Discarded discarded = apply_steps(
      steps, dialect_,
      {.count = [this](const std::string& select) { return client_.number(select); },
       .probe = [this](const std::string& select) { client_.check(select); },
       .run = [&](const Step& step) {
         fold(step, steps);
         run(step);
       }},
      stop_);
  commit(transaction, steps);
  discarded.count_in(counters_);
  lost_.tell(log_);
}

void PostgresDestination::claim_landings(const std::vector<Step>& steps) {
  landings_ = created_landings(steps);
  for (const TableName& landing : landings_) locks_.claim(landing);
  locks_.require();
}

void PostgresDestination::run(const Step& step) {
  if (std::holds_alternative<DropLandings>(step)) return drop_dead_landings();
  if (const auto* schema = std::get_if<CreateSchema>(&step)) return create(*schema);
  if (const auto* created = std::get_if<CreateTable>(&step)) return create(*created);
  if (const auto* dropped = std::get_if<DropTable>(&step)) return drop(dropped->table);
  if (const auto* renamed = std::get_if<RenameTable>(&step)) return rename(*renamed);
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) return replace(*replaced);
  if (const auto* merged = std::get_if<MergeRows>(&step)) check_identities(*merged);
  if (const auto* closed = std::get_if<CloseVersions>(&step)) return close(*closed);
  const std::optional<RowChange> change = row_change(step);
  if (change && (change->deletes || !change->key.empty())) check_sight(*change);
  if (change && change->inserts) check_fit(*change);
  if (change && change->deletes) return remove(step, *change);
  if (const auto* retyped = std::get_if<RetypeColumn>(&step)) return retype(*retyped);
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
}

void PostgresDestination::retype(const RetypeColumn& step) {
  try {
    for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
  } catch (const Error& error) {
    if (!is_of_types(error)) throw;
    throw no_other_type(step.column, dialect_.type(step.from), dialect_.type(step.to), error);
  }
}

// For one that exists PostgreSQL would want the right to make it.
void PostgresDestination::create(const CreateSchema& step) {
  const std::string there = fmt::format("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {}", duck::quote_text(step.schema));
  if (!client_.query(there).empty()) return;
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
  made_schemas_.add(step.schema);
}

// A publication of all tables is for none whose rows only pass, and takes changes of others by what tells their rows apart, of which one that
// lands has nothing yet. A crash of the server, which empties an unlogged table, ends the run's session too.
void PostgresDestination::create(const CreateTable& step) {
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
  if (is_landing(step.table)) client_.execute(fmt::format("ALTER TABLE {} {}", dialect_.table(step.table), step.passing ? "SET UNLOGGED" : "REPLICA IDENTITY FULL"));
}

// One that somebody still uses stays for a later run, unless this one needs its name.
void PostgresDestination::drop_dead_landings() {
  for (const TableName& landing : tables_.landings()) {
    if (!locks_.is_dead(landing)) continue;
    const bool is_own = std::ranges::find(landings_, landing) != landings_.end();
    try {
      drop_dead(landing, is_own ? kOwnLandingSeconds : kOtherLandingSeconds);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::conflict) throw;
      if (is_own) throw dead_landing_in_use(landing, error);
      log_.info(dead_landing_stays(landing, error));
    }
  }
}

// The transaction goes on where that fails.
void PostgresDestination::drop_dead(const TableName& landing, int seconds) {
  const std::string before = client_.query("SHOW lock_timeout")[0][0].value();
  client_.execute(fmt::format("SAVEPOINT _ingestr_dead; SET LOCAL lock_timeout = '{}s'", seconds));
  try {
    drop(landing);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::conflict) client_.execute("ROLLBACK TO SAVEPOINT _ingestr_dead");
    throw;
  }
  client_.execute(fmt::format("SET LOCAL lock_timeout = '{}'; RELEASE SAVEPOINT _ingestr_dead", before));
}

void PostgresDestination::drop(const TableName& table) {
  for (const std::string& sql : drop_sql(tables_.kind_of(table), table, dialect_)) client_.execute(sql);
}

// A jsonb column has no text of its own: values are compared as it has them.
void PostgresDestination::close(CloseVersions step) {
  for (const PostgresTables::TableColumn& column : tables_.columns(step.to)) {
    const auto compared = std::ranges::find(step.compared, column.name, &CopiedColumn::to);
    if (column.type == "jsonb" && compared != step.compared.end()) compared->to_type = Type::native_of(column.type);
  }
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
}

// What landed is told apart by the types that landed, before it is known what the target's columns will be.
void PostgresDestination::fold(const Step& step, const std::vector<Step>& steps) {
  const std::optional<RowChange> change = row_change(step);
  const auto doubled = std::ranges::find_if(steps, [](const Step& one) { return std::holds_alternative<Deduplicate>(one); });
  if (!change || change->key.empty() || doubled == steps.end()) return;
  const std::string sql = fold_keys(*change, std::get<Deduplicate>(*doubled), tables_.columns(change->table), dialect_);
  if (!sql.empty()) client_.execute(sql);
}

// An INSERT may bring values for such a column, an UPDATE may not.
void PostgresDestination::check_identities(const MergeRows& step) {
  for (const PostgresTables::TableColumn& column : tables_.columns(step.to)) {
    const bool is_copied = std::ranges::find(step.columns, column.name, &CopiedColumn::to) != step.columns.end();
    if (!is_copied || column.identity != PostgresTables::TableColumn::Identity::always) continue;
    if (std::ranges::find(step.key, column.name) != step.key.end()) continue;
    throw Error(ErrorKind::unsupported,
                fmt::format("column {} of {} is GENERATED ALWAYS AS IDENTITY, so that rows which are there cannot get another value; leave it "
                            "out with --sql-exclude-columns, or name it in --primary-key",
                            column.name, to_string(step.to)));
  }
}

void PostgresDestination::check_fit(const RowChange& change) {
  std::vector<FittedValue> values;
  for (const PostgresTables::TableColumn& column : tables_.columns(change.table)) {
    const auto copied = std::ranges::find(change.columns, column.name, &CopiedColumn::to);
    if (copied == change.columns.end()) continue;
    const bool is_made = copied->to_type.native && !copied->from_type.native;
    values.push_back({copied_value(*copied, dialect_), column, is_made ? dialect_.identifier(copied->from) : ""});
  }
  require_fit(client_, *change.landing, values);
}

void PostgresDestination::check_sight(const RowChange& change) {
  std::string commands = "r";  // a row is looked for
  if (change.updates) commands += 'w';
  if (change.deletes) commands += 'd';
  tables_.require_sight(change.table, commands, change.key);
}

void PostgresDestination::remove(const Step& step, const RowChange& change) {
  tables_.require_no_cascade(change.table);
  const bool may_keep_rows = tables_.removal_of(change.table).may_keep_rows;
  for (const std::string& sql : to_sql(step, dialect_)) {
    client_.execute(sql);
    if (may_keep_rows) require_gone(sql, [this](const std::string& select) { return client_.number(select); });
  }
}

// What a published table has to be told apart by is the target's matter.
void PostgresDestination::rename(const RenameTable& step) {
  client_.execute(fmt::format("ALTER TABLE {} REPLICA IDENTITY DEFAULT, DROP COLUMN IF EXISTS {}", dialect_.table(step.from), PostgresDialect::kPlace));
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
}

void PostgresDestination::replace(const ReplaceTable& step) {
  if (tables_.kind_of(step.to) == TableKind::table) {
    return within(to_string(step.to), [&] { lost_.add(step.to, replace_in_place(client_, tables_, step.from, step.to)); });
  }
  drop(step.to);
  rename({step.from, step.to.table});
}

}  // namespace

std::unique_ptr<Destination> open_postgres(const Uri& uri, Access access, const Context& context,
                                           std::shared_ptr<const duck::Database> engine) {
  return std::make_unique<PostgresDestination>(uri, access, context, std::move(engine));
}

Connector postgres_destination_connector() {
  Connector connector = describe_postgres();
  connector.open_destination = [](const Uri& uri, Access access, const Context& context) {
    return open_postgres(uri, access, context);
  };
  return connector;
}

}  // namespace ingestr
