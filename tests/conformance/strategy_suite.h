// What every destination must do for the strategies that change a table. A destination's own test instantiates it beside
// DestinationSuite, with the same harness.
#pragma once

#include "base/error.h"
#include "conformance/destination_suite.h"

namespace ingestr {

inline const Schema kPeople{{{"id", TypeId::bigint, false}, {"name", TypeId::varchar, false}}};

class StrategySuite : public DestinationSuite {
 protected:
  // What the runs that follow do.
  void use(Strategy strategy, std::vector<std::string> primary_key = {},
           std::string incremental_key = "");
  // The target's rows.
  std::vector<Cells> sorted();
  // What a run throws. Its landing table is dropped as the pipeline does it.
  Error failure_of(const Schema& schema, const std::vector<Cells>& rows);
  // "killed": a run of kPeople, when all rows have landed or, with `applied`, when the target has changed.
  std::string killed(const std::vector<Cells>& rows, bool applied);
  void expect_only_target();
};

// What every destination must do for scd2.
class Scd2Suite : public StrategySuite {
 protected:
  Scd2Suite() { use(Strategy::scd2, {"id"}); }

  // The next run is an hour later; the first one at eight.
  void run(const Schema& schema, const std::vector<Cells>& rows);
};

// What every destination must do for a schema contract.
class ContractSuite : public StrategySuite {
 protected:
  // Rows into the target under `contract`; both counts are of all runs so far.
  void load_under(Contract contract, const Schema& schema, const std::vector<Cells>& rows);
  void expect_discarded(uint64_t rows, uint64_t values);
};

}  // namespace ingestr
