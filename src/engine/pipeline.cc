#include "engine/pipeline.h"

#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "data/queue.h"
#include "engine/transforms.h"

namespace ingestr {
namespace {

// Enough that neither side waits for the other's every breath, little enough not to count in peak memory.
constexpr uint64_t kQueueBytes = 8'000'000;

// Writes what the reader thread pushes. Returns the schema of all that landed.
Schema land(BatchQueue& queue, Appender& appender, ColumnFilter& filter, Schema landed, Counters& counters) {
  while (std::optional<Batch> batch = queue.next()) {
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

// Starts the reader thread, lands its rows, and joins it whatever happens.
Schema read_and_land(Table& table, const ReadRequest& request, Appender& appender, ColumnFilter& filter,
                     const Schema& declared, Counters& counters) {
  BatchQueue queue(kQueueBytes);
  std::jthread reader([&] {
    try {
      table.read(request, queue);
      queue.finish();
    } catch (...) {
      queue.finish(std::current_exception());
    }
  });
  try {
    return land(queue, appender, filter, declared, counters);
  } catch (...) {
    queue.abandon();
    throw;
  }
}

// A failed run leaves nothing behind. When even this fails the destination is beyond reach, and the next run's first
// step does it.
void drop_landing(Destination& destination, const TableName& landing) noexcept {
  try {
    destination.apply({DropTable{landing}});
  } catch (...) {
  }
}

PlanFacts facts_of(const Job& job, Destination& destination) {
  PlanFacts facts;
  facts.strategy = job.strategy;
  facts.target = destination.resolve(job.dest_table);
  facts.primary_key = job.primary_key;
  facts.incremental_key = job.incremental_key;
  facts.interval_start = job.interval_start;
  facts.interval_end = job.interval_end;
  facts.predicate = job.incremental_predicate;
  if (job.strategy != Strategy::replace) facts.existing = destination.describe(facts.target);
  return facts;
}

void refuse_absent_columns(const Job& job, const Schema& schema) {
  const std::vector<std::string> absent = absent_columns(schema, job.exclude_columns);
  if (absent.empty() || job.one_of_many) return;
  throw Error(ErrorKind::usage, fmt::format("--sql-exclude-columns names {}, which is no column of the table; its columns are {}",
                                            absent.front(), fmt::join(schema.names(), ", ")));
}

// One run: what it was asked for, and who does it.
class Run {
 public:
  Run(const Job& job, Table& table, Destination& destination, const Context& context)
      : table_(table), destination_(destination), context_(context), facts_(facts_of(job, destination)) {
    request_ = {.limit = job.row_limit,
                .incremental_key = job.incremental_key,
                .interval_start = job.interval_start,
                .interval_end = job.interval_end,
                .provisional = true};
    table_.prepare(request_);
    refuse_absent_columns(job, table_.spec().schema);
    if (job.strategy == Strategy::merge && job.primary_key.empty()) facts_.primary_key = table.spec().primary_key;
    filter_.emplace(table_.spec().schema, job.exclude_columns);
    if (job.load_timestamp) facts_.loaded_at = context.clock.now();
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
      drop_landing(destination_, plan.landing);
      throw;
    }
    return true;
  }

  bool land(const TableName& landing) {
    const std::unique_ptr<Appender> appender = destination_.append(landing, facts_.landed);
    if (const std::optional<Relation> relation = table_.relation(request_)) return land(*relation, *appender);
    facts_.landed = read_and_land(table_, request_, *appender, *filter_, facts_.landed, context_.counters);
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

  Table& table_;
  Destination& destination_;
  const Context& context_;
  PlanFacts facts_;
  ReadRequest request_;
  std::optional<ColumnFilter> filter_;
};

}  // namespace

void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  Run(job, table, destination, context).load();
}

}  // namespace ingestr
