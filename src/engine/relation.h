// Relation: rows that the embedded engine can read itself, so that none of them passes through our code one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/schema.h"
#include "duck/connection.h"
#include "duck/function.h"

namespace ingestr {

// Where rows are before the engine reads them, for a destination of the same kind that can take them from there itself.
class Origin {
 public:
  virtual ~Origin() = default;
};

// Whether rows are those of the source, found out while they are taken.
class RowCheck {
 public:
  virtual ~RowCheck() = default;  // gives up
  // Once so many rows were taken; waits until it is known. Throws Error with a sentence when they are not: bad_data, or unavailable.
  virtual void finish(uint64_t rows) = 0;
};

// What went wrong at the source while a relation was taken, and not at whoever took it.
class SourceFailure : public Error {
 public:
  SourceFailure(ErrorKind kind, const std::string& text, bool is_lost = false) : Error(kind, text), is_lost_(is_lost) {}
  // A session ended. The words of two servers are the same, and the engine does not say whose they are.
  bool is_lost() const { return is_lost_; }

 private:
  bool is_lost_;
};

struct Relation {
  // Statements to run first, on the same connection, each on its own: LOAD, ATTACH, SET.
  std::vector<std::string> before{};
  // Likewise, when the rows are taken or cannot be: what stays attached, the engine looks into whenever it is asked what tables it has.
  std::vector<std::string> after{};
  // What else `select` calls: to be made known to the engine before.
  std::vector<duck::TextFunction> functions{};
  // A SELECT in DuckDB's SQL with the functions of duck/exact_sql.h. Its rows come in the order of the source, where it
  // has one. Fit to stand in parentheses behind FROM.
  std::string select;
  // What it gives: names and types, by position. No column is inferred.
  Schema schema;
  uint64_t row_bytes = 0;  // about what a row takes as text; 0: not known
  uint64_t rows = 0;       // about how many there are; 0: not known
  // The types are those of a sample; a row that does not fit stops the SELECT with Error(bad_data).
  bool provisional = false;
  // Begins the check that the rows of `select` need, in the transaction in which they are taken; none: they need none.
  std::function<std::unique_ptr<RowCheck>(duck::Connection& connection)> check{};
  // What the engine said while the rows were taken, in one sentence that names the source; nothing: that is not of the source.
  std::function<std::optional<SourceFailure>(const Error& error)> explain{};
  // The same rows, columns in this order and of these types; none when something is done to them on their way.
  std::shared_ptr<const Origin> origin{};
};

// While it lives the connection, which outlives it, knows what the relation's SELECT needs; functions stay known. In no transaction.
class Prepared {
 public:
  Prepared(duck::Connection& connection, const Relation& relation);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

 private:
  duck::Connection& connection_;
  std::vector<std::string> after_;
};

// What `take` gives, which takes the rows of the relation. To be called in a transaction, so that its check sees the same rows; throws what
// the check finds, and what is explained as the source's failure, and nothing that was taken may then be kept.
uint64_t checked(duck::Connection& connection, const Relation& relation, const std::function<uint64_t()>& take);

}  // namespace ingestr
