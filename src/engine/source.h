// Where rows come from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"
#include "data/stream.h"
#include "engine/relation.h"

namespace ingestr {

// What is known of a table before the first row is read.
struct TableSpec {
  std::string name;                      // as the user wrote it, e.g. "records:companies"
  Schema schema;                         // declared; rows may bring more, inferred, columns
  std::vector<std::string> primary_key;  // declared by the source; empty: none
  std::string incremental_key;           // declared by the source; empty: none
  bool grows = false;                    // prepare() adds columns to the schema
};

// For each column of a source: the type of the target's column that its values go into as they are; nothing where there is none.
using TypesThere = std::function<std::vector<std::optional<Type>>(const Schema& source)>;

// What is wanted of a table.
struct ReadRequest {
  std::optional<uint64_t> limit{};       // at most so many rows; nothing: all
  std::string incremental_key{};         // the column that the interval is of; empty: none
  std::optional<SystemTime> interval_start{};  // inclusive
  std::optional<SystemTime> interval_end{};    // inclusive

  // Column types that hold for a sample of the rows will do for now: whoever asks takes the rows as a relation, and calls
  // settle_types() when one does not fit.
  bool provisional = false;

  // Rows go into files as they come, and what is left of them in memory reaches no disk: a large text may be read in small pieces, which
  // takes less memory and keeps more threads at work. For sources that have a choice.
  bool in_small_pieces = false;

  // Columns that will be cast, so that their values are wanted as they are written; named as --columns names them, see
  // best_fit(). For sources that would read a type into a text; others need not look.
  std::vector<std::string> as_written{};

  // What the rows go into, unless nothing is there: for text and JSON, text must not become what it looks like on its way there; other
  // columns keep their types where all values fit. For the same sources; may be called on any thread.
  TypesThere types_there{};

  // Columns of the relation to which nothing is done on their way to a destination that takes its origin, and so understands what the engine
  // does not.
  std::vector<std::string> going_back{};

  bool has_interval() const { return interval_start || interval_end; }
};

class Table {
 public:
  virtual ~Table() = default;
  // Before prepare() the schema may lack what only the other side knows.
  virtual const TableSpec& spec() const = 0;
  // Called once, before anything changes at the destination: checks credentials and permissions, learns the schema.
  // May make requests. Throws Error(unsupported) when the table cannot give what `request` wants.
  virtual void prepare(const ReadRequest& request) = 0;
  // The rows asked for as something that the embedded engine reads itself; nothing when only read() gives them. After
  // prepare() and with the same request.
  virtual std::optional<Relation> relation(const ReadRequest&) { return std::nullopt; }
  // After a relation that is provisional had a row that does not fit: finds the types that hold for all rows. spec() and
  // relation() then say other things.
  virtual void settle_types() {}
  // Pushes the rows asked for, once, and returns. Runs on a thread of its own. Throws what went wrong; an Error
  // that `rows.push` throws must be let through.
  virtual void read(const ReadRequest& request, BatchSink& rows) = 0;
};

// A table that can be asked for, for people.
struct TableInfo {
  std::string name;         // "records:{object_api_slug}"
  std::string description;  // one line
  std::vector<std::string> key{};          // columns that tell rows apart
  std::vector<std::string> permissions{};  // that the credentials need, in the source's own words
  std::optional<bool> readable{};          // whether they have them; nothing: not known
};

// Whose credentials these are.
struct AccountInfo {
  std::string account;  // "workspace Northlight (northlight)"
  std::vector<std::string> permissions{};
};

class Source {
 public:
  virtual ~Source() = default;
  // Checks the name and nothing else: no request is made. Throws Error(usage) when there can be no such table.
  virtual std::unique_ptr<Table> table(std::string_view name) = 0;
  // What can be asked for. May ask once what the credentials allow.
  virtual std::vector<TableInfo> tables() = 0;
  // One request: are the credentials good. Throws Error(auth) when they are not, Error(unavailable).
  virtual AccountInfo check() = 0;
  // The tables that a pattern with "*" stands for: "*" is every table that the credentials may read, "records:*" the
  // records of every object. A name without "*" stands for itself. May make requests. Throws Error(usage) for a
  // pattern that can stand for nothing.
  virtual std::vector<std::string> expand(std::string_view pattern) = 0;
};

}  // namespace ingestr
