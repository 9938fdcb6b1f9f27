#include "engine/pipeline.h"

#include <thread>

#include <fmt/format.h>

#include "base/error.h"
#include "data/queue.h"
#include "engine/transforms.h"

namespace ingestr {
namespace {

// Enough that neither side waits for the other's every breath, little enough not to count in peak memory.
constexpr uint64_t kQueueBytes = 8'000'000;

// Writes what the reader thread pushes. `place` is for errors.
void land(BatchQueue& queue, Appender& appender, Transforms& transforms, std::string_view place,
          Counters& counters) {
  while (std::optional<Batch> batch = queue.next()) {
    Batch landed = within(place, [&] { return transforms.apply(std::move(*batch)); });
    const auto rows = static_cast<uint64_t>(landed.rows());
    appender.append(std::move(landed));
    counters.rows += rows;
    ++counters.batches;
  }
  appender.finish();
}

// Starts the reader thread, lands its rows, and joins it whatever happens.
void read_and_land(Table& table, const ReadRequest& request, Appender& appender, Transforms& transforms,
                   Counters& counters) {
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
    land(queue, appender, transforms, table.spec().name, counters);
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
  facts.interval_start = job.interval_start;
  facts.interval_end = job.interval_end;
  facts.predicate = job.incremental_predicate;
  if (job.strategy != Strategy::replace) facts.existing = destination.describe(facts.target);
  return facts;
}

// What replaces a table is named as that was; a view has no say in it.
std::optional<Schema> names_there(const Job& job, Destination& destination, const PlanFacts& facts) {
  if (facts.existing || job.strategy != Strategy::replace || job.columns.naming != Naming::automatic) return facts.existing;
  try {
    return destination.describe(facts.target);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::unsupported) return std::nullopt;
    throw;
  }
}

// The key as the user names it; a merge may leave it to the source.
std::vector<std::string> primary_key(const Job& job, const TableSpec& spec) {
  return job.strategy == Strategy::merge && job.primary_key.empty() ? spec.primary_key : job.primary_key;
}

ColumnFacts column_facts(const Job& job, const TableSpec& spec) {
  ColumnFacts facts;
  facts.source = spec.schema;
  if (job.load_timestamp) facts.reserved.emplace_back(kLoadTimestampColumn);
  if (job.strategy != Strategy::append) facts.primary_key = primary_key(job, spec);
  if (job.strategy == Strategy::delete_insert || !facts.primary_key.empty()) facts.incremental_key = job.incremental_key;
  return facts;
}

ColumnWishes wishes_of(const Job& job) {
  ColumnWishes wishes = job.columns;
  wishes.excluded_must_exist = !job.one_of_many;
  return wishes;
}

// One run: what it was asked for, and who does it.
class Run {
 public:
  Run(const Job& job, Table& table, Destination& destination, const Context& context)
      : job_(job), table_(table), destination_(destination), context_(context), facts_(facts_of(job, destination)) {
    request_ = {.limit = job.row_limit,
                .incremental_key = source_name(job.columns, table.spec().schema, job.incremental_key),
                .interval_start = job.interval_start,
                .interval_end = job.interval_end,
                .provisional = true};
    table_.prepare(request_);
    if (job.load_timestamp) facts_.loaded_at = context.clock.now();
    column_facts_ = column_facts(job, table.spec());
    column_facts_.existing = names_there(job, destination, facts_);
    column_facts_.longest_name = destination.longest_column_name();
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
    const std::optional<Relation> relation = table_.relation(request_);
    column_facts_.source = table_.spec().schema;
    column_facts_.all_declared = relation.has_value();
    Transforms transforms(wishes_of(job_), column_facts_, context_.stop);
    tell_names(transforms.plan());
    facts_.landed = transforms.schema();
    name_keys(transforms.plan());
    const Plan plan = make_plan(facts_);
    destination_.apply(plan.before);
    try {
      if (!land(plan.landing, relation, transforms)) {
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

  void tell_names(const ColumnPlan& plan) {
    if (plan.renamed() == 0 || names_told_) return;
    names_told_ = true;
    context_.log.info(fmt::format("Naming convention: {} ({} {} will be renamed)", to_string(plan.naming()), plan.renamed(),
                                  plan.renamed() == 1 ? "column" : "columns"));
  }

  // What the keys are called where the rows land.
  void name_keys(const ColumnPlan& plan) {
    facts_.primary_key.clear();
    for (const std::string& name : primary_key(job_, table_.spec())) facts_.primary_key.push_back(plan.landed_name(name));
    if (!job_.incremental_key.empty()) facts_.incremental_key = plan.landed_name(job_.incremental_key);
  }

  bool land(const TableName& landing, const std::optional<Relation>& relation, Transforms& transforms) {
    if (!job_.columns.masks.empty()) destination_.keep_private();
    const std::unique_ptr<Appender> appender = destination_.append(landing, facts_.landed);
    if (relation) return land(*relation, *appender, transforms);
    read_and_land(table_, request_, *appender, transforms, context_.counters);
    for (const std::string& sentence : transforms.finish()) context_.log.warning(sentence);
    facts_.landed = transforms.schema();
    return true;
  }

  bool land(const Relation& relation, Appender& appender, const Transforms& transforms) {
    const uint64_t rows_before = context_.counters.rows;
    try {
      const Relation landed = transforms.apply(relation);
      // Without stages nothing is raised that does not say where.
      if (transforms.plan().changes_values()) {
        within(table_.spec().name, [&] { appender.append(landed); });
      } else {
        appender.append(landed);
      }
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

  const Job& job_;
  Table& table_;
  Destination& destination_;
  const Context& context_;
  PlanFacts facts_;
  ReadRequest request_;
  ColumnFacts column_facts_;
  bool names_told_ = false;
};

}  // namespace

void check_columns(const Job& job, const TableSpec& spec) {
  if (!spec.grows && !spec.schema.columns.empty()) ColumnPlan(wishes_of(job), column_facts(job, spec));
}

void run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  check_columns(job, table.spec());
  Run(job, table, destination, context).load();
}

}  // namespace ingestr
