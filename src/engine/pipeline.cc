#include "engine/pipeline.h"

#include <thread>

#include "base/error.h"
#include "data/queue.h"
#include "engine/keys.h"
#include "engine/no_rows.h"
#include "engine/transforms.h"

namespace ingestr {
namespace {

// Enough that neither side waits for the other's every breath, little enough not to count in peak memory.
constexpr uint64_t kQueueBytes = 8'000'000;

// The rows of a table, read on a thread of its own, which is joined whatever happens.
class Reading {
 public:
  Reading(Table& table, const ReadRequest& request)
      : queue_(kQueueBytes), reader_([this, &table, request] {
          try {
            table.read(request, queue_);
            queue_.finish();
          } catch (...) {
            queue_.finish(std::current_exception());
          }
        }) {}
  ~Reading() { queue_.abandon(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  std::optional<Batch> next() { return queue_.next(); }

 private:
  BatchQueue queue_;
  std::jthread reader_;
};

// Writes `first`, if there is one, and what follows. Returns the schema of all that landed.
Schema land(std::optional<Batch> first, Reading& reading, Appender& appender, ColumnFilter& filter, Schema landed,
            Counters& counters) {
  std::optional<Batch> batch = first ? std::move(first) : reading.next();
  for (; batch; batch = reading.next()) {
    Batch kept = filter.apply(std::move(*batch));
    const auto rows = static_cast<uint64_t>(kept.rows());
    landed = kept.schema();
    appender.append(std::move(kept));
    counters.rows += rows;
    ++counters.batches;
  }
  appender.finish();
  return landed;
}

// A failed run leaves nothing behind. When even this fails the destination is beyond reach, and the next run's first
// step does it.
void drop_landing(Destination& destination, const TableName& landing) noexcept {
  try {
    destination.apply({DropTable{landing}});
  } catch (...) {
  }
}

PlanFacts facts_of(const Job& job, const TableSpec& spec, Destination& destination, const Context& context) {
  PlanFacts facts;
  facts.strategy = job.strategy;
  facts.target = destination.resolve(job.dest_table);
  const bool by_key = job.strategy == Strategy::merge || job.strategy == Strategy::scd2;
  facts.primary_key = job.primary_key.empty() && by_key ? spec.primary_key : job.primary_key;
  facts.incremental_key = job.incremental_key;
  facts.interval_start = job.interval_start;
  facts.interval_end = job.interval_end;
  facts.predicate = job.incremental_predicate;
  facts.fresh = job.fresh;
  facts.partial = job.row_limit.has_value();
  facts.contract = job.contract;
  facts.started_at = context.clock.now();
  if (job.load_timestamp) facts.loaded_at = facts.started_at;
  if (job.strategy != Strategy::replace && !job.fresh) facts.existing = destination.describe(facts.target);
  return facts;
}

// What is known before the first row is read.
struct Preparation {
  PlanFacts facts;
  ReadRequest request;
  ColumnFilter filter;
};

Preparation prepare(const Job& job, Table& table, Destination& destination, const Context& context) {
  PlanFacts facts = facts_of(job, table.spec(), destination, context);
  require_keys(facts.strategy, facts.primary_key, facts.incremental_key);
  facts.landed = table.spec().schema;
  if (const std::vector<Step> checks = early_checks(facts); !checks.empty()) destination.apply(checks);
  const ReadRequest request{.limit = job.row_limit,
                            .incremental_key = job.incremental_key,
                            .interval_start = job.interval_start,
                            .interval_end = job.interval_end};
  table.prepare(request);
  ColumnFilter filter(table.spec().schema, job.exclude_columns);
  facts.landed = filter.apply(table.spec().schema);
  return {std::move(facts), request, std::move(filter)};
}

}  // namespace

Plan plan_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  const PlanFacts facts = prepare(job, table, destination, context).facts;
  if (facts.landed.columns.empty()) {
    throw Error(ErrorKind::unsupported, "only the rows tell which columns the table has, and a dry run reads none");
  }
  return make_plan(facts);
}

void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  auto [facts, request, filter] = prepare(job, table, destination, context);
  std::optional<Reading> reading;
  std::optional<Batch> first;
  if (facts.landed.columns.empty()) {
    reading.emplace(table, request);
    first = reading->next();
    facts.landed = first ? filter.apply(first->schema()) : columns_of_no_rows(job, facts, destination);
    if (facts.landed.columns.empty()) return;
  }

  const Plan plan = make_plan(facts);
  destination.apply(plan.before);
  try {
    {
      const std::unique_ptr<Appender> appender = destination.append(plan.landing, facts.landed);
      if (!reading) reading.emplace(table, request);
      facts.landed = land(std::move(first), *reading, *appender, filter, facts.landed, context.counters);
    }
    if (context.stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
    destination.apply(make_plan(facts).after);
  } catch (...) {
    reading.reset();
    drop_landing(destination, plan.landing);
    throw;
  }
}

}  // namespace ingestr
