// How rows get into a landing table of a database: by the embedded engine, which has the database attached and copies in bulk.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/counters.h"
#include "base/error.h"
#include "database/session.h"
#include "duck/database.h"
#include "duck/table_appender.h"
#include "engine/destination.h"
#include "sql/dialect.h"

namespace ingestr::database {

// Rows of the engine as a table of the database takes them.
struct CarriedRows {
  TableName table;
  std::vector<Column> columns;  // of the table; none is inferred
  std::string select;           // what they get, in the engine's SQL
  uint64_t earlier = 0;         // rows that came before them
};

// An engine with the database attached for writing. Its sessions at the server are its own, so what others do to tables
// there is seen once it is told to look again.
class LandingEngine {
 public:
  // The catalog that the database is in the engine.
  static constexpr std::string_view kCatalog = "_ingestr_destination";

  struct Way {
    std::vector<std::string> attach;                    // statements that make the catalog; may hold a password
    std::function<Error(const Error&)> connect_failure; // of what goes wrong in them
    std::string look_again;                             // a statement; empty: needless
    // A column of ours, given as SQL over a value of the engine, as the table takes it.
    std::function<std::string(const std::string& value, const Type& type)> carried;
    // Takes rows into a table, all or none, and returns how many. Empty: by INSERT into the catalog.
    std::function<uint64_t(duck::Connection& connection, const CarriedRows& rows, const duck::Connection::Watch& watch)> send;
    // Takes the rows of a relation's origin into the table's columns, all or none, and returns how many; nothing: they have to
    // come by way of the engine. Empty: always. `taken` is told how many there are so far.
    std::function<std::optional<uint64_t>(const Origin& origin, const TableName& table, const std::vector<Column>& columns,
                                          const std::function<void(uint64_t)>& taken)>
        take;
    // Makes of sent rows what they are, where `carried` gave them otherwise; `columns` are those of the table. Empty: needless.
    std::function<void(const TableName& table, const std::vector<Column>& columns)> settle;
    // What went wrong while rows were sent, for people.
    std::function<Error(const Error&)> land_failure;
  };

  // `engine`: one that others use as well; nothing: a new one.
  LandingEngine(Way way, std::stop_token stop, std::shared_ptr<const duck::Database> engine = nullptr);

  // From now on rows on their way are in memory only.
  void keep_private();

  const Way& way() const { return way_; }
  const duck::Database& engine() const { return *engine_; }
  duck::Connection& connection() { return connection_; }
  void look_again();

 private:
  Way way_;
  std::shared_ptr<const duck::Database> engine_;
  duck::Connection connection_;
};

// One that a database does not have.
struct UnkeptCharacter {
  std::string sql;   // as the engine takes it
  std::string what;  // for people
};

// Rows become durable in the landing table portion by portion, a relation whole.
class Landing final : public Appender {
 public:
  struct Hooks {
    std::function<void(const Column&)> add_column;  // to the landing table
    std::function<void()> empty;                    // takes all rows out of it
  };

  // `engine`, `counters` and what the hooks need outlive it. `schema` is that of the table.
  Landing(LandingEngine& engine, TableName table, Schema schema, Hooks hooks, std::stop_token stop, Counters& counters);
  ~Landing() override;

  void append(Batch batch) override;
  void append(const Relation& relation) override;
  void finish() override;

 private:
  void flush();
  void grow(const Schema& schema);
  // Whether the rows could be taken from where they come from.
  bool take(const Relation& relation);
  uint64_t send(const std::string& rows, const Schema& schema, std::string_view condition, const duck::Connection::Watch& watch);
  template <class Work>
  void explained(const std::string& rows, const Schema& schema, Work&& work);
  // Reads the rows once more. Throws Error(bad_data) naming the first column of texts that has one.
  void refuse(const UnkeptCharacter& character, const std::string& rows, const Schema& schema);

  LandingEngine& engine_;
  TableName table_;
  Schema schema_;
  Hooks hooks_;
  std::stop_token stop_;
  Counters& counters_;
  std::unique_ptr<duck::TableAppender> portion_;  // rows in the engine's memory
  uint64_t portion_bytes_ = 0;
  uint64_t landed_rows_ = 0;
  uint64_t sent_rows_ = 0;  // less those in the portion
  bool was_sent_ = false;  // and not taken from where they come from
  bool landed_ = false;  // some rows are durable
  bool finished_ = false;
};

// Into a landing table whose columns and rows statements of `session` change; `engine`, `session`, `dialect` and `counters` outlive it.
std::unique_ptr<Appender> land_on_server(LandingEngine& engine, Session& session, const Dialect& dialect, const TableName& table,
                                         const Schema& schema, std::stop_token stop, Counters& counters);

// The landing tables that steps make.
std::vector<TableName> created_landings(const std::vector<Step>& steps);

// Of a column that is called as one that landing tables have beside those that land.
Error helper_name(std::string_view column);

// How long a landing table that others use is waited for: a killed run's session lives a little longer than it.
inline constexpr int kOwnLandingSeconds = 5;    // one that this run needs
inline constexpr int kOtherLandingSeconds = 1;  // one that it would clear away

// Of a landing table that a dead run left and the server does not drop, for `why`: because this run needs its name, or for the log.
Error dead_landing_in_use(const TableName& landing, const Error& why);
std::string dead_landing_stays(const TableName& landing, const Error& why);

}  // namespace ingestr::database
