// Taking: how far a statement of the embedded engine is that takes the rows of a relation.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/counters.h"
#include "base/error.h"
#include "duck/connection.h"
#include "duck/database.h"
#include "engine/relation.h"

namespace ingestr {

// Counters::rows grow from what they are when it is made; Counters::share is that of this relation until it is destroyed. The
// counters outlive it, and `relation` and `engine`, which runs the statement, outlive its use.
class Taking {
 public:
  Taking(const Relation& relation, const duck::Database& engine, Counters& counters, std::stop_token stop);
  ~Taking();
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;

  // For duck::Connection::change(). Counts what passes duck::Database::passing(); throws Error(cancelled) once `stop` is
  // requested. Not to outlive this.
  duck::Connection::Watch watch();
  // So many rows are taken so far, when the engine does not count them. Throws likewise.
  void count(uint64_t rows);
  // All are taken: so many.
  void end(uint64_t rows);

 private:
  void tell(uint64_t rows, std::optional<double> done);

  const Relation& relation_;
  const duck::Database& engine_;
  Counters& counters_;
  std::stop_token stop_;
  uint64_t rows_before_;
  uint64_t passed_before_;
};

// How much memory rows need that are read in large pieces, as those of Parquet are, shows when they are: when `take` throws
// Error(no_memory) and `get_much` is true, which sees to it that there is more, it is called again, with Counters::rows as they were.
template <class Take, class GetMuch>
auto take_again_with_much(Counters& counters, GetMuch&& get_much, Take&& take) -> decltype(take()) {
  const uint64_t rows_before = counters.rows;
  try {
    return take();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::no_memory || !get_much()) throw;
  }
  counters.rows = rows_before;
  return take();
}

}  // namespace ingestr
