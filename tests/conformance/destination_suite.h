// What every destination must do. A destination's own test brings a harness and instantiates the
// suite:
//
//   INSTANTIATE_TEST_SUITE_P(Duckdb, DestinationSuite,
//                            testing::Values(DestinationCase{"duckdb", make_harness}),
//                            name_of_case);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/destination.h"
#include "engine/strategy.h"
#include "support/batches.h"
#include "support/world.h"

namespace ingestr {

// What a destination cannot do, and how much of it.
struct DestinationQuirks {
  size_t longest_name = 310;  // bytes of a table or column name
  bool has_views = true;
  bool has_primary_keys = true;
  bool keeps_order = true;          // rows are read as they landed
  bool has_lists = true;            // else lists become JSON
  bool has_all_characters_in_names = true;  // also those beyond U+FFFF
  bool replaces_in_place = false;   // columns that a table has keep their places when it is replaced
  std::string only_schema;          // the one that there is; empty: any
  size_t large_value = 30'000'000;  // bytes of one cell
};

// One empty place for tables, and somebody else's look at it.
class DestinationHarness {
 public:
  virtual ~DestinationHarness() = default;
  virtual DestinationQuirks quirks() const { return {}; }
  // Opens the same place each time; one at a time.
  virtual std::unique_ptr<Destination> open(const Context& context) = 0;

  // The rest is for when no destination is open.
  // A table's rows in the order in which they landed, each value as support/batches.h writes it.
  virtual std::vector<Cells> read(const TableName& table) = 0;
  virtual Schema schema(const TableName& table) = 0;
  // Every table and view there is, as "schema.name", sorted.
  virtual std::vector<std::string> tables() = 0;
  virtual void make_view(const TableName& name) = 0;
  // Makes an empty table with a bigint `id` that is its primary key and a varchar `name`.
  virtual void make_keyed_table(const TableName& name) = 0;
};

struct DestinationCase {
  std::string name;
  std::function<std::unique_ptr<DestinationHarness>()> make;
};

inline std::string name_of_case(const testing::TestParamInfo<DestinationCase>& info) {
  return info.param.name;
}
inline void PrintTo(const DestinationCase& the_case, std::ostream* out) {
  *out << the_case.name;
}

class DestinationSuite : public testing::TestWithParam<DestinationCase> {
 protected:
  DestinationSuite() : harness_(GetParam().make()), target_(named("dest", "companies")) {}

  std::unique_ptr<Destination> open() { return harness_->open(world_.context()); }
  PlanFacts facts(const Schema& schema) const;
  Plan plan(Destination& destination, const Schema& schema) const;

  // A whole run of `wanted_`'s strategy, which is replace at first. The last batch's schema is the table's.
  void load(const Schema& declared, std::vector<Batch> batches);
  void load(const Schema& schema, const std::vector<Cells>& rows);
  // A run up to the point where all rows have landed.
  static void land(Destination& destination, const Plan& plan, const Schema& declared,
                   std::vector<Batch> batches);

  // The target as it was made by load_old().
  void load_old();
  void expect_old();

  // A table of a schema, or of the one that there is.
  TableName named(const std::string& schema, const std::string& table) const;

  std::vector<Cells> read() { return harness_->read(target_); }
  // Whether a column can have the type.
  bool has(const Type& type) const { return type.id != TypeId::list || harness_->quirks().has_lists; }
  bool has_name(const std::string& name) const;
  // Whether the target has these rows, in their order if it has one.
  bool has_rows(std::vector<Cells> rows);

  World world_;
  std::unique_ptr<DestinationHarness> harness_;
  TableName target_;
  bool load_timestamp_ = false;
  PlanFacts wanted_;  // strategy, keys, interval and predicate of the runs
};

}  // namespace ingestr
