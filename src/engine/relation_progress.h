// RelationProgress: how far a statement of the embedded engine is that takes the rows of a relation.
#pragma once

#include <cstdint>
#include <stop_token>

#include "base/counters.h"
#include "duck/connection.h"
#include "duck/database.h"
#include "engine/relation.h"

namespace ingestr {

// Counters::rows grow from what they are when it is made; Counters::share is that of this relation until it is destroyed. The
// counters outlive it, and `relation` and `engine`, which runs the statement, outlive its use.
class RelationProgress {
 public:
  RelationProgress(const Relation& relation, const duck::Database& engine, Counters& counters, std::stop_token stop);
  ~RelationProgress();
  RelationProgress(const RelationProgress&) = delete;
  RelationProgress& operator=(const RelationProgress&) = delete;

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

}  // namespace ingestr
