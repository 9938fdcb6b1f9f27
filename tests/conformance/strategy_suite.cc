#include "conformance/strategy_suite.h"

#include <signal.h>

#include <algorithm>

#include "support/child_process.h"

namespace ingestr {

void StrategySuite::use(Strategy strategy, std::vector<std::string> primary_key,
                        std::string incremental_key) {
  wanted_.strategy = strategy;
  wanted_.primary_key = std::move(primary_key);
  wanted_.incremental_key = std::move(incremental_key);
}

std::vector<Cells> StrategySuite::sorted() {
  std::vector<Cells> rows = read();
  std::ranges::sort(rows);
  return rows;
}

Error StrategySuite::failure_of(const Schema& schema, const std::vector<Cells>& rows) {
  const auto destination = open();
  try {
    const Plan steps = plan(*destination, schema);
    std::vector<Batch> batches;
    batches.push_back(batch_of(schema, rows));
    land(*destination, steps, schema, std::move(batches));
    destination->apply(steps.after);
    ADD_FAILURE() << "applied";
  } catch (const Error& error) {
    destination->apply({DropTable{landing_name(target_)}});
    destination->close();
    return error;
  }
  return Error(ErrorKind::internal, "");
}

std::string StrategySuite::killed(const std::vector<Cells>& rows, bool applied) {
  ChildProcess child([&]() -> std::string {
    const auto destination = open();
    const Plan steps = plan(*destination, kPeople);
    std::vector<Batch> batches;
    batches.push_back(batch_of(kPeople, rows));
    land(*destination, steps, kPeople, std::move(batches));
    if (applied) destination->apply(steps.after);
    ::raise(SIGKILL);
    return "";
  });
  return child.wait();
}

void StrategySuite::expect_only_target() {
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
}

void Scd2Suite::run(const Schema& schema, const std::vector<Cells>& rows) {
  std::vector<Batch> batches;
  if (!rows.empty()) batches.push_back(batch_of(schema, rows));
  load(schema, std::move(batches));
  world_.clock.advance(std::chrono::hours(1));
}

void ContractSuite::load_under(Contract contract, const Schema& schema,
                               const std::vector<Cells>& rows) {
  wanted_.contract = contract;
  load(schema, rows);
  wanted_.contract = Contract::evolve;
}

void ContractSuite::expect_discarded(uint64_t rows, uint64_t values) {
  EXPECT_EQ(world_.counters.discarded_rows, rows);
  EXPECT_EQ(world_.counters.discarded_values, values);
}

}  // namespace ingestr
