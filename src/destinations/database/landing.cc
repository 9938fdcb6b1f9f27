#include "destinations/database/landing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "duck/function.h"
#include "duck/text.h"
#include "engine/relation_progress.h"

namespace ingestr::database {
namespace {

// What waits in the engine's memory until it is sent: enough to make a round trip small.
constexpr uint64_t kPortionBytes = 8'000'000;
constexpr std::string_view kPortion = "memory.main._ingestr_portion";

std::string create_portion(const Schema& schema) {
  std::vector<std::string> columns;
  for (const Column& column : schema.columns) {
    const Type type = column.inferred ? Type(TypeId::json) : column.type.id == TypeId::null ? Type(TypeId::varchar) : column.type;
    columns.push_back(fmt::format("{} {}", duck::quote_name(column.name), to_string(type)));
  }
  return fmt::format("CREATE OR REPLACE TABLE {} ({})", kPortion, fmt::join(columns, ", "));
}

// What the columns of rows are called on their way.
std::vector<std::string> row_names(const Schema& schema) {
  std::vector<std::string> names;
  for (size_t i = 0; i < schema.columns.size(); ++i) names.push_back(fmt::format("r{}", i));
  return names;
}

std::string insert_sql(const CarriedRows& rows) {
  std::vector<std::string> columns;
  for (const Column& column : rows.columns) columns.push_back(duck::quote_name(column.name));
  return fmt::format("INSERT INTO {}.{}.{} ({}) {}", LandingEngine::kCatalog, duck::quote_name(rows.table.schema),
                     duck::quote_name(rows.table.table), fmt::join(columns, ", "), rows.select);
}

bool is_text(const Column& column) {
  const TypeId id = column.type.id == TypeId::list ? column.type.element->id : column.type.id;
  return column.inferred || id == TypeId::varchar || id == TypeId::json || id == TypeId::null;
}

// Of `character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"`, as PostgreSQL says it.
std::optional<UnkeptCharacter> lacking_character(std::string_view words) {
  constexpr std::string_view kBegin = "character with byte sequence ", kBetween = " in encoding \"UTF8\" has no equivalent in encoding \"";
  const size_t begin = words.find(kBegin), between = words.find(kBetween);
  if (begin == std::string_view::npos || between == std::string_view::npos || between < begin + kBegin.size()) return std::nullopt;
  std::string character;
  for (const std::string& byte : split(words.substr(begin + kBegin.size(), between - begin - kBegin.size()), ' ')) {
    unsigned char code = 0;
    std::from_chars(byte.data() + std::string_view("0x").size(), byte.data() + byte.size(), code, 16);
    character += static_cast<char>(code);
  }
  const std::string_view encoding = words.substr(between + kBetween.size());
  return UnkeptCharacter{duck::quote_text(character),
                         fmt::format("the character {}, which the encoding {} of the database does not have", character,
                                     encoding.substr(0, encoding.find('"')))};
}

std::optional<UnkeptCharacter> unkept_character(std::string_view words) {
  if (contains(words, "NULL-byte")) return UnkeptCharacter{"chr(0)", "a NUL character, which the database cannot keep in text"};
  return lacking_character(words);
}

}  // namespace

LandingEngine::LandingEngine(Way way, std::stop_token stop, std::shared_ptr<const duck::Database> engine)
    : way_(std::move(way)),
      engine_(engine ? std::move(engine) : std::make_shared<const duck::Database>()),
      connection_(engine_->connect(std::move(stop))) {
  try {
    for (const std::string& statement : way_.attach) connection_.execute(statement);
  } catch (const Error& error) {
    throw way_.connect_failure(error);
  }
}

void LandingEngine::keep_private() { connection_.execute("SET temp_directory = ''"); }

void LandingEngine::look_again() {
  if (!way_.look_again.empty()) connection_.execute(way_.look_again);
}

Landing::Landing(LandingEngine& engine, TableName table, Schema schema, Hooks hooks, std::stop_token stop, Counters& counters)
    : engine_(engine),
      table_(std::move(table)),
      schema_(std::move(schema)),
      hooks_(std::move(hooks)),
      stop_(std::move(stop)),
      counters_(counters) {
  engine_.look_again();
}

Landing::~Landing() {
  if (finished_ || !landed_) return;
  try {
    hooks_.empty();
  } catch (const std::exception&) {
    // The landing table goes as a whole soon, or with the next run.
  }
}

void Landing::append(Batch batch) {
  throw_if_stopped(stop_);
  if (batch.schema().columns.size() > schema_.columns.size()) grow(batch.schema());
  if (batch.rows() == 0) return;
  if (!portion_) {
    engine_.connection().execute(create_portion(schema_));
    portion_ = std::make_unique<duck::TableAppender>(engine_.connection(), "memory", "main", "_ingestr_portion", schema_, landed_rows_);
  }
  const uint64_t bytes = batch.bytes();
  portion_->append(batch, 0, batch.rows(), bytes);
  landed_rows_ += static_cast<uint64_t>(batch.rows());
  portion_bytes_ += bytes;
  if (portion_bytes_ >= kPortionBytes) flush();
}

void Landing::flush() {
  if (!portion_) return;
  portion_->flush();
  portion_.reset();
  portion_bytes_ = 0;
  const std::string rows = fmt::format("FROM {}", kPortion);
  explained(rows, schema_, [&] { send(rows, schema_, "true", [](std::optional<double>) {}); });
  engine_.connection().execute(fmt::format("DROP TABLE {}", kPortion));
  landed_ = true;
}

void Landing::append(const Relation& relation) {
  throw_if_stopped(stop_);
  flush();
  if (take(relation)) return;
  duck::Connection& connection = engine_.connection();
  const Prepared prepared(connection, relation);
  RelationProgress progress(relation, engine_.engine(), counters_, stop_);
  uint64_t rows = 0;
  explained(relation.select, relation.schema, [&] {
    // SQLite's extension lets go of the file between transactions, and a statement is prepared before it runs.
    duck::Transaction transaction(connection);
    rows = checked(connection, relation, [&] { return send(relation.select, relation.schema, duck::Database::passing(), progress.watch()); });
    transaction.commit();
  });
  progress.end(rows);
  landed_rows_ += rows;
  landed_ = true;
}

bool Landing::take(const Relation& relation) {
  if (!relation.origin || !engine_.way().take) return false;
  RelationProgress progress(relation, engine_.engine(), counters_, stop_);
  const std::vector<Column> columns(schema_.columns.begin(), schema_.columns.begin() + static_cast<ptrdiff_t>(relation.schema.columns.size()));
  const auto rows = engine_.way().take(*relation.origin, table_, columns, [&](uint64_t taken) { progress.count(taken); });
  if (!rows) return false;
  progress.end(*rows);
  landed_rows_ += *rows;
  sent_rows_ += *rows;
  landed_ = true;
  return true;
}

uint64_t Landing::send(const std::string& rows, const Schema& schema, std::string_view condition, const duck::Connection::Watch& watch) {
  const std::vector<std::string> names = row_names(schema);
  CarriedRows carried{table_, {}, "", sent_rows_};
  std::vector<std::string> values;
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const Column& column = schema.columns[i];
    const Type type = column.inferred ? Type(TypeId::json) : column.type;
    carried.columns.push_back({schema_.columns.at(i).name, type, false});
    values.push_back(engine_.way().carried(names[i], type));
  }
  carried.select = fmt::format("SELECT {} FROM ({}) AS rows({}) WHERE {}", fmt::join(values, ", "), rows, fmt::join(names, ", "), condition);
  const uint64_t sent = engine_.way().send ? engine_.way().send(engine_.connection(), carried, watch)
                                           : engine_.connection().change(insert_sql(carried), watch);
  sent_rows_ += sent;
  was_sent_ = true;
  return sent;
}

// The engine does not say in which column a character was that the database does not have.
template <class Work>
void Landing::explained(const std::string& rows, const Schema& schema, Work&& work) {
  try {
    work();
  } catch (const SourceFailure& failure) {
    if (!failure.is_lost()) throw;
    throw Error(failure.kind(), fmt::format("{}; it may be the destination's server that ended its session", failure.what()));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    if (const auto character = unkept_character(error.what())) refuse(*character, rows, schema);
    throw engine_.way().land_failure(error);
  }
}

void Landing::refuse(const UnkeptCharacter& character, const std::string& rows, const Schema& schema) {
  const std::vector<std::string> names = row_names(schema);
  std::vector<std::string> counts;
  for (size_t i = 0; i < names.size(); ++i) {
    counts.push_back(is_text(schema.columns[i]) ? fmt::format("count_if(contains(CAST({} AS VARCHAR), {}))", names[i], character.sql) : "0");
  }
  const auto found = engine_.connection().query(
      fmt::format("SELECT {} FROM ({}) AS rows({})", fmt::join(counts, ", "), rows, fmt::join(names, ", ")));
  for (size_t i = 0; i < names.size(); ++i) {
    const uint64_t count = std::stoull(found.at(0).at(i).value());
    if (count == 0) continue;
    throw Error(ErrorKind::bad_data,
                fmt::format("column {}: {} {}; leave the column out with --sql-exclude-columns, or mask it", schema.columns[i].name,
                            count == 1 ? "1 row has" : group_digits(count) + " rows have", character.what));
  }
}

// Portions have the columns that the table has by then.
void Landing::grow(const Schema& schema) {
  flush();
  for (size_t i = schema_.columns.size(); i < schema.columns.size(); ++i) {
    hooks_.add_column(schema.columns[i]);
    schema_.columns.push_back(schema.columns[i]);
  }
  engine_.look_again();
}

void Landing::finish() {
  throw_if_stopped(stop_);
  flush();
  if (was_sent_ && engine_.way().settle) engine_.way().settle(table_, schema_.columns);
  finished_ = true;
}

std::vector<TableName> created_landings(const std::vector<Step>& steps) {
  std::vector<TableName> landings;
  for (const Step& step : steps) {
    const auto* created = std::get_if<CreateTable>(&step);
    if (created != nullptr && is_landing(created->table)) landings.push_back(created->table);
  }
  return landings;
}

Error helper_name(std::string_view column) {
  return {ErrorKind::unsupported,
          fmt::format("{0} is what a load calls a column of its own while rows land; rename the source's, as in --columns loaded:{0}, or leave it "
                      "out with --sql-exclude-columns {0}",
                      column)};
}

Error dead_landing_in_use(const TableName& landing, const Error& why) {
  const std::string_view words = why.what();
  return {why.kind(), fmt::format("{}, the landing table of an earlier run that was killed, is in the way and cannot be dropped: {}{}", to_string(landing), words,
                                  words.ends_with("run again") ? "" : "; end who uses it, or drop what depends on it, and run again")};
}

std::string dead_landing_stays(const TableName& landing, const Error& why) {
  return fmt::format("{}, the landing table of a run that was killed, stays until a later run: {}", to_string(landing), why.what());
}

std::unique_ptr<Appender> land_on_server(LandingEngine& engine, Session& session, const Dialect& dialect, const TableName& table,
                                         const Schema& schema, std::stop_token stop, Counters& counters) {
  return std::make_unique<Landing>(
      engine, table, schema,
      Landing::Hooks{.add_column = [&session, &dialect, table](const Column& column) { session.execute(add_column_sql(table, column, dialect)); },
                     .empty = [&session, &dialect, table] { session.execute(fmt::format("TRUNCATE {}", dialect.table(table))); }},
      std::move(stop), counters);
}

}  // namespace ingestr::database
