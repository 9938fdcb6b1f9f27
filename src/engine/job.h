// Job: what one `ingestr ingest` is asked to do, checked as far as the command line alone allows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/uri.h"
#include "data/schema.h"
#include "engine/connector.h"
#include "engine/contract.h"
#include "engine/strategy.h"
#include "engine/wishes.h"

namespace ingestr {

struct Job {
  Uri source;
  std::string source_table;
  Uri destination;
  TableName dest_table;
  Strategy strategy = Strategy::replace;
  std::vector<std::string> primary_key;         // columns, in any case
  std::string incremental_key;                  // a column, in any case; empty: none
  std::optional<SystemTime> interval_start;     // of the incremental key, inclusive
  std::optional<SystemTime> interval_end;       // inclusive
  std::string incremental_predicate;            // merge only: SQL; empty: none
  std::vector<std::string> partition_by;        // columns, in any case, that files are kept apart by; empty: they are not
  bool fresh = false;                           // a target that exists is to go, whatever the strategy
  Contract contract = Contract::evolve;
  bool allow_empty = false;                     // a source that gives neither rows nor columns is no failure
  bool dry_run = false;                         // only say what would be done
  SourceOptions source_options;
  std::optional<uint64_t> row_limit;            // --sql-limit
  ColumnWishes columns;                         // what is left out, renamed, cast, trimmed, masked
  bool one_of_many = false;                     // other tables have the wished columns that this one lacks
  bool load_timestamp = true;                   // adds _ingestr_loaded_at
};

}  // namespace ingestr
