#include "conformance/destination_suite.h"

#include <algorithm>

namespace ingestr {

PlanFacts DestinationSuite::facts(const Schema& schema) const {
  PlanFacts facts = wanted_;
  facts.target = target_;
  facts.landed = schema;
  facts.started_at = world_.clock.now();
  if (load_timestamp_) facts.loaded_at = world_.clock.now();
  return facts;
}

Plan DestinationSuite::plan(Destination& destination, const Schema& schema) const {
  PlanFacts facts = this->facts(schema);
  if (facts.strategy != Strategy::replace && !facts.fresh) facts.existing = destination.describe(target_);
  return make_plan(facts);
}

void DestinationSuite::land(Destination& destination, const Plan& plan, const Schema& declared,
                            std::vector<Batch> batches) {
  destination.apply(plan.before);
  const auto appender = destination.append(plan.landing, declared);
  for (Batch& batch : batches) appender->append(std::move(batch));
  appender->finish();
}

void DestinationSuite::load(const Schema& declared, std::vector<Batch> batches) {
  const Schema landed = batches.empty() ? declared : batches.back().schema();
  const auto destination = open();
  land(*destination, plan(*destination, declared), declared, std::move(batches));
  destination->apply(plan(*destination, landed).after);
  destination->close();
}

void DestinationSuite::load(const Schema& schema, const std::vector<Cells>& rows) {
  std::vector<Batch> batches;
  batches.push_back(batch_of(schema, rows));
  load(schema, std::move(batches));
}

TableName DestinationSuite::named(const std::string& schema, const std::string& table) const {
  const std::string only = harness_->quirks().only_schema;
  return {only.empty() ? schema : only, table};
}

bool DestinationSuite::has_name(const std::string& name) const {
  const auto is_beyond = [](char c) { return static_cast<unsigned char>(c) >= 0xF0; };  // four bytes of UTF-8
  return harness_->quirks().has_all_characters_in_names || std::ranges::none_of(name, is_beyond);
}

bool DestinationSuite::has_rows(std::vector<Cells> rows) {
  std::vector<Cells> found = read();
  if (!harness_->quirks().keeps_order) {
    std::ranges::sort(found);
    std::ranges::sort(rows);
  }
  return found == rows;
}

void DestinationSuite::load_old() {
  load({{{"old", TypeId::bigint, false}}}, {{{"1"}}, {{"2"}}});
}

void DestinationSuite::expect_old() {
  EXPECT_EQ(harness_->tables(), std::vector<std::string>{to_string(target_)});
  EXPECT_EQ(read(), (std::vector<Cells>{{"1"}, {"2"}}));
}

}  // namespace ingestr
