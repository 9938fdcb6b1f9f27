#include "destinations/database/mysql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "database/mysql_client.h"
#include "database/mysql_server.h"
#include "destinations/database/generated.h"
#include "destinations/database/landing.h"
#include "destinations/database/mysql_bulk.h"
#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_keys.h"
#include "destinations/database/mysql_locks.h"
#include "destinations/database/mysql_order.h"
#include "destinations/database/mysql_replace.h"
#include "destinations/database/mysql_rewrite.h"
#include "destinations/database/mysql_tables.h"
#include "engine/row_change.h"
#include "sql/apply.h"
#include "sql/lost.h"
#include "sql/made_schemas.h"

namespace ingestr {
namespace {

using namespace database;

// Texts are told apart to the last byte: case, accents and blanks at the end count.
std::string collation_of(MysqlClient& client) {
  if (client.is_mariadb()) return "utf8mb4_nopad_bin";
  const bool has_new = !client.query("SELECT 1 FROM information_schema.collations WHERE collation_name = 'utf8mb4_0900_bin'").empty();
  return has_new ? "utf8mb4_0900_bin" : "utf8mb4_bin";
}

class MysqlDestination final : public Destination {
 public:
  MysqlDestination(const Uri& uri, Access access, const Context& context)
      : stop_(context.stop),
        log_(context.log),
        counters_(context.counters),
        client_(MysqlServer(uri, context), context.stop),
        tables_(client_),
        dialect_(collation_of(client_)) {
    if (access == Access::look) client_.execute("SET SESSION TRANSACTION READ ONLY");
  }

  std::optional<Schema> describe(const TableName& table) override { return tables_.describe(table); }
  std::vector<std::string> computed_columns(const TableName& table) override { return generated_names(tables_.columns(table)); }
  TableName resolve(const TableName& table) const override { return tables_.resolve(table); }
  size_t longest_column_name() const override { return MysqlDialect::kLongestName; }
  void check_column(std::string_view name) const override;
  void keep_private() override { engine().keep_private(); }
  std::unique_ptr<Appender> append(const TableName& table, const Schema& schema) override;
  void apply(const std::vector<Step>& steps) override;
  void close() override { made_schemas_.keep(); }

 private:
  LandingEngine& engine();
  Discarded apply_these(const std::vector<Step>& steps);
  void decode(const std::vector<Step>& steps);
  void change_target(const std::vector<Step>& steps, const std::vector<Step>& landed);
  void finish(const std::vector<Step>& steps);
  void run(const Step& step);
  void create(const CreateSchema& step);
  void create(const CreateTable& step);
  void drop(const TableName& table);
  void drop_dead_landings();
  void drop_dead(const TableName& landing);
  void discard(const DiscardRows& step);
  void deduplicate(const Deduplicate& step);
  void retype(const RetypeColumn& step);
  void require_rewritable(const RetypeColumn& step);
  void drop_helper(const TableName& table);
  void claim(const TableName& helper);
  void drop_made() noexcept;
  void warn(const TableName& table, const std::vector<std::string>& lost) {
    LostParts parts;
    parts.add(table, lost);
    parts.tell(log_);
  }

  std::stop_token stop_;
  Logger& log_;
  Counters& counters_;
  MysqlClient client_;
  MysqlTables tables_;
  MysqlDialect dialect_;
  MysqlLocks locks_{client_};
  MysqlRewriter rewriter_{client_, tables_, dialect_, [this](const TableName& helper) { claim(helper); }};
  MadeSchemas made_schemas_{[this](const std::string& schema) {
    if (tables_.is_empty(schema)) client_.execute(fmt::format("DROP DATABASE {}", dialect_.schema(schema)));
  }};
  std::vector<TableName> landings_;     // that the apply() under way makes
  std::vector<TableName> made_;         // by it, helpers too
  std::optional<LandingEngine> engine_;  // made when rows come
};

LandingEngine& MysqlDestination::engine() {
  if (engine_) return *engine_;
  const bool has_local_infile = client_.query("SELECT @@local_infile")[0][0] == "1";
  engine_.emplace(LandingEngine::Way{.attach = {},
                                     .connect_failure = [](const Error& error) { return error; },
                                     .look_again = "",
                                     .carried = mysql_carried,
                                     .send = [this, has_local_infile](duck::Connection& connection, const CarriedRows& rows,
                                                                      const duck::Connection::Watch& watch) {
                                       return load_into_mysql(client_, has_local_infile, connection, rows, watch);
                                     },
                                     .land_failure = [](const Error& error) { return error; }},
                  stop_);
  return *engine_;
}

std::unique_ptr<Appender> MysqlDestination::append(const TableName& table, const Schema& schema) {
  return land_on_server(engine(), client_, dialect_, table, schema, stop_, counters_);
}

void MysqlDestination::check_column(std::string_view name) const {
  for (const std::string_view own : {MysqlDialect::kPlace, MysqlDialect::kMatched, kHelperColumn}) {
    if (equal_ignoring_case(name, own)) throw helper_name(name);
  }
}

// MySQL commits at each statement that changes a table's columns or name. So what concerns landing tables alone comes first, then
// what widens the target, which no reader of its rows notices, then the change of its rows in one transaction; a table takes
// another's place last, at once.
void MysqlDestination::apply(const std::vector<Step>& steps) {
  const OrderedSteps ordered = in_order(steps);
  made_.clear();
  landings_ = created_landings(steps);
  for (const TableName& landing : landings_) locks_.claim(landing);
  for (const Step& step : steps) {
    if (const auto change = row_change(step); change && change->deletes) tables_.require_no_cascade(change->table);
  }
  try {
    decode(ordered.landing);
    const Discarded discarded = apply_these(ordered.landing);
    for (const Fitting& fitting : fittings_of(ordered.change)) drop_helper(fitting.target);  // a killed run's
    apply_these(ordered.widen);
    change_target(ordered.change, ordered.landing);
    finish(ordered.finish);
    discarded.count_in(counters_);
  } catch (const Error&) {
    drop_made();
    throw;
  }
}

void MysqlDestination::claim(const TableName& helper) {
  locks_.claim(helper);
  made_.push_back(helper);
}

void MysqlDestination::drop_made() noexcept {
  try {
    for (const TableName& table : made_) despite_stop([&] { drop(table); });
  } catch (const std::exception&) {
    // The session is lost: the next run drops them.
  }
}

Discarded MysqlDestination::apply_these(const std::vector<Step>& steps) {
  return apply_steps(steps, dialect_,
                     {.count = [this](const std::string& select) { return client_.number(select); },
                      .probe = [this](const std::string& select) { client_.check(select); },
                      .run = [this](const Step& step) { run(step); }},
                     stop_);
}

// All columns in one pass.
void MysqlDestination::decode(const std::vector<Step>& steps) {
  std::vector<MysqlRewriter::Change> changes;
  std::optional<TableName> table;
  for (const Step& step : steps) {
    const auto* decoded = std::get_if<DecodeColumn>(&step);
    const std::string value = decoded == nullptr ? "" : dialect_.decoded(*decoded);
    if (value.empty()) continue;
    table = decoded->table;
    changes.push_back({decoded->column, dialect_.type(decoded->type), value});
  }
  if (!table) return;
  try {
    rewriter_.rewrite(*table, changes, MysqlRewriter::Mode::strict);
  } catch (const Error& error) {
    const std::string words = error.what();
    for (const MysqlRewriter::Change& change : changes) {
      const std::string name = dialect_.identifier(change.column);
      if (words.find("." + name + " at row") == std::string::npos && words.find("'" + change.column + "' at row") == std::string::npos) continue;
      throw Error(error.kind(), fmt::format("{}: {}", place_of(DecodeColumn{*table, change.column, TypeId::null}), words));
    }
    throw;
  }
}

void MysqlDestination::change_target(const std::vector<Step>& steps, const std::vector<Step>& landed) {
  if (steps.empty()) return;
  for (const Fitting& fitting : fittings_of(steps)) {
    rewriter_.fit(fitting.landing, fitting.target, fitting.columns);
    // To the collation of a column of the target, keys may be one that were several when they landed.
    for (const Step& step : landed) {
      const auto* doubled = std::get_if<Deduplicate>(&step);
      if (doubled != nullptr && doubled->table == fitting.landing && has_key_of_others(tables_.columns(doubled->table), *doubled, dialect_)) {
        deduplicate(*doubled);
      }
    }
    if (!fitting.found_by.empty()) rewriter_.index(fitting.landing, fitting.found_by);
  }
  Transaction transaction(client_);
  apply_these(steps);
  transaction.commit();
}

// A table that is dropped and whose name another one gets changes places with it. Where only a landing table is left to be dropped, the target
// has been changed already.
void MysqlDestination::finish(const std::vector<Step>& steps) {
  std::vector<TableName> dropped;
  for (const Step& step : steps) {
    if (const auto* gone = std::get_if<DropTable>(&step)) {
      if (!is_landing(gone->table) && !tables_.references_to(gone->table).empty()) {
        throw Error(ErrorKind::conflict, fmt::format("{} cannot be dropped: {} refers to it by a foreign key; drop that first",
                                                     to_string(gone->table), to_string(tables_.references_to(gone->table)[0].from)));
      }
      dropped.push_back(gone->table);
    } else if (const auto* renamed = std::get_if<RenameTable>(&step)) {
      const TableName to{renamed->from.schema, renamed->to};
      rewriter_.strip(renamed->from);
      const auto old = std::ranges::find(dropped, to);
      if (old == dropped.end()) {
        client_.execute(fmt::format("RENAME TABLE {} TO {}", dialect_.table(renamed->from), dialect_.table(to)));
      } else {
        swap_tables(client_, tables_, dialect_, [this](const TableName& name) { claim(name); }, renamed->from, to);
        dropped.erase(old);
      }
    } else {
      apply_these({step});
    }
  }
  for (const TableName& table : dropped) despite_stop([&] { drop(table); });
}

void MysqlDestination::run(const Step& step) {
  if (std::holds_alternative<DropLandings>(step)) return drop_dead_landings();
  if (std::holds_alternative<DecodeColumn>(step)) return;  // decode() did
  if (const auto* schema = std::get_if<CreateSchema>(&step)) return create(*schema);
  if (const auto* created = std::get_if<CreateTable>(&step)) return create(*created);
  if (const auto* dropped = std::get_if<DropTable>(&step)) return drop(dropped->table);
  if (const auto* rows = std::get_if<DiscardRows>(&step)) return discard(*rows);
  if (const auto* column = std::get_if<FitColumn>(&step)) {
    const std::string value = dialect_.fitted(dialect_.identifier(column->column), column->from, column->to);
    return rewriter_.rewrite(column->table, {{column->column, dialect_.type(column->to), value}}, MysqlRewriter::Mode::lenient);
  }
  if (const auto* doubled = std::get_if<Deduplicate>(&step)) return deduplicate(*doubled);
  if (const auto* retyped = std::get_if<RetypeColumn>(&step)) return retype(*retyped);
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) {
    rewriter_.strip(replaced->from);
    const auto claim_helper = [this](const TableName& name) { claim(name); };
    if (tables_.kind_of(replaced->to) != TableKind::table) {
      return swap_tables(client_, tables_, dialect_, claim_helper, replaced->from, replaced->to);
    }
    return within(to_string(replaced->to),
                  [&] { warn(replaced->to, replace_table(client_, tables_, dialect_, rewriter_, claim_helper, replaced->from, replaced->to)); });
  }
  if (const auto* added = std::get_if<AddColumn>(&step)) tables_.require_changeable(added->table, {added->column.name});
  const std::optional<RowChange> change = row_change(step);
  for (const std::string& sql : mysql_statements(step, dialect_)) {
    change ? change_rows(client_, tables_, change->table, sql) : client_.execute(sql);
  }
}

// For one that exists the server would want the right to make it.
void MysqlDestination::create(const CreateSchema& step) {
  if (tables_.has_schema(step.schema)) return;
  client_.execute(fmt::format("CREATE DATABASE {} CHARACTER SET utf8mb4", dialect_.schema(step.schema)));
  made_schemas_.add(step.schema);
}

void MysqlDestination::create(const CreateTable& step) {
  for (const std::string& sql : to_sql(step, dialect_)) client_.execute(sql);
  made_.push_back(step.table);
}

void MysqlDestination::drop(const TableName& table) {
  for (const std::string& sql : drop_sql(tables_.kind_of(table), table, dialect_)) client_.execute(sql);
}

void MysqlDestination::drop_dead_landings() {
  for (const TableName& landing : tables_.landings()) {
    locks_.if_dead(landing, [&] { drop_dead(landing); });
  }
}

// One that somebody still uses, or that is another user's, stays for a later run, unless this one needs its name.
void MysqlDestination::drop_dead(const TableName& landing) {
  const bool is_own = std::ranges::find(landings_, landing) != landings_.end();
  std::optional<Error> why;
  client_.execute(fmt::format("SET SESSION lock_wait_timeout = {}", is_own ? kOwnLandingSeconds : kOtherLandingSeconds));
  try {
    drop(landing);
  } catch (const Error& error) {
    const bool may_stay = error.kind() == ErrorKind::conflict || error.kind() == ErrorKind::constraint || error.kind() == ErrorKind::auth;
    if (!may_stay) throw;
    why = error;
  }
  client_.execute(fmt::format("SET SESSION lock_wait_timeout = {}", MysqlClient::kLockSeconds));
  if (why && is_own) throw dead_landing_in_use(landing, *why);
  if (why) log_.info(dead_landing_stays(landing, *why));
}

void MysqlDestination::discard(const DiscardRows& step) {
  for (const std::string& sql : to_sql(step, dialect_)) rewriter_.run(sql, MysqlRewriter::Mode::lenient);
  std::vector<MysqlRewriter::Change> changes;
  for (const CopiedColumn& column : step.narrowed) {
    changes.push_back({column.from, dialect_.type(column.to_type),
                       dialect_.fitted(dialect_.identifier(column.from), column.from_type, column.to_type)});
  }
  rewriter_.rewrite(step.table, changes, MysqlRewriter::Mode::lenient);
}

void MysqlDestination::deduplicate(const Deduplicate& step) {
  client_.execute(dialect_.deduplicate(step, told_apart_by(tables_.columns(step.table), dialect_)));
}

// The values of the column are written by an UPDATE of all rows.
void MysqlDestination::require_rewritable(const RetypeColumn& step) {
  const auto refuse = [&](std::string_view why) {
    throw Error(ErrorKind::unsupported,
                fmt::format("column {} of {} would have to become {}, and {}; drop that, or leave the column out with --sql-exclude-columns",
                            step.column, to_string(step.table), to_string(step.to), why));
  };
  if (tables_.is_indexed(step.table, step.column)) refuse("an index has it");
  if (tables_.has_update_triggers(step.table)) refuse("a trigger for UPDATE would see all rows change");
}

// What MODIFY would write in another way is written into a helper first, which goes when that fails.
void MysqlDestination::retype(const RetypeColumn& step) {
  const std::vector<MysqlColumn> columns = tables_.columns(step.table);
  const MysqlColumn* column = find_named(columns, step.column);
  if (column == nullptr) return;
  tables_.require_changeable(step.table, {step.column});
  const bool anew = is_written_anew(step);
  if (anew) require_rewritable(step);
  const MysqlKept kept = rewriter_.kept(step.table, *column, step.to, anew);
  try {
    for (const std::string& sql : retyping_of(columns, step, kept, dialect_)) change_rows(client_, tables_, step.table, sql);
  } catch (const Error&) {
    if (anew) drop_helper(step.table);
    throw;
  }
  warn(step.table, kept.lost);
}

void MysqlDestination::drop_helper(const TableName& table) {
  const auto columns = tables_.columns(table);
  if (std::ranges::find(columns, kHelperColumn, &MysqlColumn::name) == columns.end()) return;
  client_.execute(fmt::format("ALTER TABLE {} DROP COLUMN {}", dialect_.table(table), kHelperColumn));
}

}  // namespace

std::unique_ptr<Destination> open_mysql(const Uri& uri, Access access, const Context& context) {
  return std::make_unique<MysqlDestination>(uri, access, context);
}

Connector mysql_destination_connector() {
  Connector connector = describe_mysql();
  connector.open_destination = open_mysql;
  return connector;
}

}  // namespace ingestr
