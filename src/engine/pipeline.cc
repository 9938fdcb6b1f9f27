#include "engine/pipeline.h"

#include <thread>
#include <utility>

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

// One run: what it was asked for, and who does it.
class Run {
 public:
  Run(const Job& job, Table& table, Destination& destination, const Context& context)
      : job_(job),
        table_(table),
        destination_(destination),
        context_(context),
        facts_(facts_of(job, table.spec(), destination, context)) {
    require_keys(facts_.strategy, facts_.primary_key, facts_.incremental_key);
    facts_.landed = table_.spec().schema;
    if (const std::vector<Step> checks = early_checks(facts_); !checks.empty()) destination_.apply(checks);
    request_ = {.limit = job.row_limit,
                .incremental_key = job.incremental_key,
                .interval_start = job.interval_start,
                .interval_end = job.interval_end,
                .provisional = true};
    table_.prepare(request_);
    filter_.emplace(table_.spec().schema, job.exclude_columns);
  }

  Plan plan() {
    facts_.landed = filter_->apply(table_.spec().schema);
    if (!facts_.landed.columns.empty()) return make_plan(facts_);
    throw Error(ErrorKind::unsupported, "only rows tell which columns the table has, and a dry run reads none");
  }

  void load() {
    if (load_once()) return;
    table_.settle_types();
    context_.log.info("a row does not fit the types of the first ones; all rows were looked at, loading again");
    load_once();
  }

 private:
  // False, with nothing left behind, when a row does not fit the types of a provisional relation.
  bool load_once() {
    facts_.landed = filter_->apply(table_.spec().schema);
    if (facts_.landed.columns.empty() && !learn_columns()) return true;
    const Plan plan = make_plan(facts_);
    destination_.apply(plan.before);
    try {
      if (!land(plan.landing)) {
        drop_landing(destination_, plan.landing);
        return false;
      }
      if (context_.stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
      destination_.apply(make_plan(facts_).after);
    } catch (...) {
      reading_.reset();
      drop_landing(destination_, plan.landing);
      throw;
    }
    return true;
  }

  // Of a table that declares none: from its first rows. False when there is nothing to do.
  bool learn_columns() {
    reading_.emplace(table_, request_);
    first_ = reading_->next();
    facts_.landed = first_ ? filter_->apply(first_->schema()) : columns_of_no_rows(job_, facts_, destination_);
    return !facts_.landed.columns.empty();
  }

  bool land(const TableName& landing) {
    const std::unique_ptr<Appender> appender = destination_.append(landing, facts_.landed);
    if (!reading_) {
      if (const std::optional<Relation> relation = table_.relation(request_)) return land(*relation, *appender);
      reading_.emplace(table_, request_);
    }
    read_and_land(*appender);
    return true;
  }

  bool land(const Relation& relation, Appender& appender) {
    const uint64_t rows_before = context_.counters.rows;
    try {
      appender.append(filter_->apply(relation));
    } catch (const Error& error) {
      // What is wrong with the file itself is found, and told, when all rows are looked at.
      if (!relation.provisional || error.kind() != ErrorKind::bad_data) throw;
      context_.counters.rows = rows_before;
      return false;
    }
    ++context_.counters.batches;
    appender.finish();
    return true;
  }

  // Writes what the reading thread pushes.
  void read_and_land(Appender& appender) {
    std::optional<Batch> batch = first_ ? std::exchange(first_, std::nullopt) : reading_->next();
    for (; batch; batch = reading_->next()) {
      Batch kept = filter_->apply(std::move(*batch));
      const auto rows = static_cast<uint64_t>(kept.rows());
      facts_.landed = kept.schema();
      appender.append(std::move(kept));
      context_.counters.rows += rows;
      ++context_.counters.batches;
    }
    appender.finish();
  }

  const Job& job_;
  Table& table_;
  Destination& destination_;
  const Context& context_;
  PlanFacts facts_;
  ReadRequest request_;
  std::optional<ColumnFilter> filter_;
  std::optional<Batch> first_;  // of a reading that began before there was a plan
  std::optional<Reading> reading_;
};

}  // namespace

Plan plan_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  return Run(job, table, destination, context).plan();
}

void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  Run(job, table, destination, context).load();
}

}  // namespace ingestr
