// Database: one embedded DuckDB engine. It starts without a file; files are attached to it
// (duck/file.h).
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "duck/connection.h"
#include "duck/handles.h"

namespace ingestr::duck {

class Database {
 public:
  // DuckDB's own names and texts.
  using Settings = std::vector<std::pair<std::string, std::string>>;

  // Throws Error(usage) naming the setting that DuckDB refuses. Extensions are neither fetched nor
  // loaded on the way.
  explicit Database(const Settings& settings = {});

  // A new session with the time zone UTC. `stop` interrupts the statement that runs when it is
  // requested; see Connection. The engine lives until its last connection is gone.
  Connection connect(std::stop_token stop = {}) const;

 private:
  DatabaseHandle handle_;
};

}  // namespace ingestr::duck
