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

void refuse_absent_columns(const Job& job, const Schema& schema) {
  const std::vector<std::string> absent = absent_columns(schema, job.exclude_columns);
  if (absent.empty() || job.one_of_many) return;
  throw Error(ErrorKind::usage, fmt::format("--sql-exclude-columns names {}, which is no column of the table; its columns are {}",
                                            absent.front(), fmt::join(schema.names(), ", ")));
}

}  // namespace

void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  PlanFacts facts;
  facts.strategy = job.strategy;
  facts.target = destination.resolve(job.dest_table);
  const ReadRequest request{.limit = job.row_limit};
  table.prepare(request);
  refuse_absent_columns(job, table.spec().schema);
  ColumnFilter filter(table.spec().schema, job.exclude_columns);
  facts.landed = filter.apply(table.spec().schema);
  if (job.load_timestamp) facts.loaded_at = context.clock.now();

  const Plan plan = make_plan(facts);
  destination.apply(plan.before);
  try {
    {
      const std::unique_ptr<Appender> appender = destination.append(plan.landing, facts.landed);
      facts.landed =
          read_and_land(table, request, *appender, filter, facts.landed, context.counters);
    }
    if (context.stop.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
    destination.apply(make_plan(facts).after);
  } catch (...) {
    drop_landing(destination, plan.landing);
    throw;
  }
}

}  // namespace ingestr
