// Database: one embedded DuckDB engine. It starts without a file; files are attached to it
// (duck/file.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duck/connection.h"
#include "duck/handles.h"

namespace ingestr::duck {

class Database {
 public:
  // DuckDB's own names and texts.
  using Settings = std::vector<std::pair<std::string, std::string>>;

  // Throws Error(usage) naming the setting that DuckDB refuses. Extensions are never fetched, and
  // loaded only by duck/extension.h, which holds their files against checksums.
  explicit Database(const Settings& settings = {});

  // A new session with the time zone UTC. `stop` interrupts the statement that runs when it is
  // requested; see Connection. The engine lives until its last connection is gone.
  Connection connect(std::stop_token stop = {}) const;

  // Rows that have passed the SQL condition passing() since the engine was made: what tells how far a long statement is.
  uint64_t passed() const { return *passed_; }
  static constexpr std::string_view passing() { return "_ingestr_passing()"; }

 private:
  std::shared_ptr<std::atomic<uint64_t>> passed_;
  DatabaseHandle handle_;
};

}  // namespace ingestr::duck
