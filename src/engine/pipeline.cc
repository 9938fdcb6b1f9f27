#include "engine/pipeline.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/interrupt.h"
#include "engine/evolution.h"
#include "engine/keys.h"
#include "engine/no_rows.h"
#include "engine/reading.h"
#include "engine/straight.h"
#include "engine/transforms.h"

namespace ingestr {
namespace {

// A failed run leaves nothing behind. When even this fails the destination is beyond reach, and the next run's first
// step does it.
void drop_landing(Destination& destination, const TableName& landing) noexcept {
  try {
    despite_stop([&] { destination.apply({DropTable{landing}}); });
  } catch (...) {
  }
}

bool replaces(const Job& job) { return job.strategy == Strategy::replace || job.fresh; }

PlanFacts facts_of(const Job& job, Destination& destination, SystemTime now) {
  PlanFacts facts;
  facts.strategy = job.strategy;
  facts.target = destination.resolve(job.dest_table);
  facts.interval_start = job.interval_start;
  facts.interval_end = job.interval_end;
  facts.predicate = job.incremental_predicate;
  facts.fresh = job.fresh;
  facts.partial = job.row_limit.has_value();
  facts.contract = job.contract;
  facts.started_at = now;
  if (job.load_timestamp) facts.loaded_at = now;
  if (!replaces(job)) facts.existing = destination.describe(facts.target);
  return facts;
}

// A view, or a file that cannot be read: what is replaced need not be sound.
bool has_no_say(const Error& error) { return error.kind() == ErrorKind::unsupported || error.kind() == ErrorKind::bad_data; }

// What replaces a table is named as that was, if it has a say in it.
std::optional<Schema> names_there(const Job& job, Destination& destination, const PlanFacts& facts) {
  if (facts.existing || !replaces(job) || job.columns.naming != Naming::automatic) return facts.existing;
  try {
    return destination.describe(facts.target);
  } catch (const Error& error) {
    if (has_no_say(error)) return std::nullopt;
    throw;
  }
}

// What the destination says of the target's columns.
struct ColumnsThere {
  std::optional<Schema> names;  // that columns are called by; nothing: the naming convention calls them
  std::vector<std::string> computed;
};

ColumnsThere columns_there(const Job& job, Destination& destination, const PlanFacts& facts) {
  return {names_there(job, destination, facts), job.fresh ? std::vector<std::string>() : destination.computed_columns(facts.target)};
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
  wishes.must_exist = !job.one_of_many;
  return wishes;
}

// Whether a table says before prepare() what it will say after it.
bool is_declared(const TableSpec& spec) { return !spec.grows && !spec.schema.columns.empty(); }

// Whether its rows land in no file on their way, whatever the table turns out to be.
bool lands_nowhere(const Job& job) {
  return job.strategy == Strategy::replace && job.primary_key.empty() && job.partition_by.empty();
}

// By the rules that will say where the columns land.
TypesThere types_there(ColumnWishes wishes, const ColumnFacts& facts, const std::string& incremental_key) {
  wishes.must_exist = false;  // a sample of the rows may lack one
  return [wishes, facts, incremental_key](const Schema& source) {
    ColumnFacts known = facts;
    known.source = source;
    ColumnPlan plan(wishes, known);
    std::vector<std::optional<Type>> types;
    for (const Column& column : source.columns) {
      const Column* there = plan.filled_by(column);
      // The highest of several rows is the one with the highest number, not text.
      const bool is_by_number = there != nullptr && there->type.native_is_number && column.name == incremental_key;
      types.push_back(there == nullptr || is_by_number ? std::nullopt : std::optional(there->type));
    }
    return types;
  };
}

// One run: what it was asked for, and who does it.
class Run {
 public:
  Run(const Job& job, Table& table, Destination& destination, const Context& context)
      : job_(job),
        table_(table),
        destination_(destination),
        context_(context),
        facts_(facts_of(job, destination, context.clock.now())) {
    if (is_declared(table.spec())) check_declared();
    request_ = {.limit = job.row_limit,
                .incremental_key = source_name(job.columns, table.spec().schema, job.incremental_key),
                .interval_start = job.interval_start,
                .interval_end = job.interval_end,
                .provisional = true,
                .in_small_pieces = destination.writes_straight() && (job.columns.masks.empty() || lands_nowhere(job)),
                .as_written = typed_columns(job.columns)};
    if (facts_.existing) {
      know_columns();
      request_.types_there = types_there(wishes_of(job), column_facts_, request_.incremental_key);
    }
    table_.prepare(request_);
    know_columns();
  }

  Plan plan() {
    begin();
    if (facts_.landed.columns.empty()) {
      throw Error(ErrorKind::unsupported, "only rows tell which columns the table has, and a dry run reads none");
    }
    return first_plan();
  }

  void load() {
    if (load_once()) return;
    table_.settle_types();
    context_.log.info("a row does not fit the types of the first ones; all rows were looked at, loading again");
    load_once();
  }

  // After load().
  std::vector<ColumnWord> unmet_words() const { return transforms_->plan().unmet_words(); }

 private:
  void know_columns() {
    if (!there_) there_ = columns_there(job_, destination_, facts_);
    column_facts_ = column_facts(job_, table_.spec());
    column_facts_.existing = there_->names;
    column_facts_.keeps_types = facts_.existing.has_value() && job_.contract == Contract::evolve;
    column_facts_.computed = there_->computed;
    column_facts_.longest_name = destination_.longest_column_name();
  }

  // What is wrong with a plan for the columns that the table declares is found before the source is asked for anything.
  void check_declared() {
    know_columns();
    const ColumnPlan columns(wishes_of(job_), column_facts_);
    know_landed(columns.schema());
    name_keys(columns);
    check_early();
    make_plan(facts_);
  }

  void check_early() {
    if (checked_) return;
    checked_ = true;
    check_names(facts_.landed);
    destination_.check_count(facts_.landed.columns.size() + (facts_.loaded_at ? 1 : 0), !facts_.primary_key.empty() && job_.strategy != Strategy::append);
    for (const std::string& name : facts_.primary_key) {
      const Column* key = find_column(facts_.landed, name);
      if (key != nullptr && job_.strategy != Strategy::append) destination_.check_key(*key);
    }
    if (const std::vector<Step> checks = early_checks(facts_); !checks.empty()) destination_.apply(checks);
  }

  // Of columns that come later as well, once each.
  void check_names(const Schema& landed) {
    for (; names_checked_ < landed.columns.size(); ++names_checked_) destination_.check_column(landed.columns[names_checked_].name);
  }

  // What is known before the first row.
  void begin() {
    const Schema& declared = table_.spec().schema;
    relation_ = declared.columns.empty() ? std::nullopt : table_.relation(request_);
    column_facts_.source = declared;
    column_facts_.all_declared = relation_.has_value();
    facts_.straight = relation_ && destination_.writes_straight();
    transforms_.emplace(wishes_of(job_), column_facts_, context_.stop);
    tell_names();
    tell_computed();
    know_landed(transforms_->schema());
    facts_.taken = relation_ && is_taken(transforms_->apply(*relation_));
    if (relation_ && is_taken(*relation_)) take_back();
  }

  void take_back() {
    request_.going_back.clear();
    for (const LandedColumn& column : transforms_->plan().columns()) {
      if (column.stages.empty()) request_.going_back.push_back(column.source);
    }
    relation_ = table_.relation(request_);
  }

  void know_landed(const Schema& schema) {
    facts_.landed = schema;
    facts_.source_types = destination_.source_types(schema);
  }

  bool is_taken(const Relation& relation) const { return relation.origin && destination_.takes(*relation.origin); }

  Plan first_plan() {
    name_keys(transforms_->plan());
    check_early();
    return make_plan(facts_);
  }

  // False, with nothing left behind, when a row does not fit the types of a provisional relation.
  bool load_once() {
    begin();
    if (facts_.landed.columns.empty() && !learn_columns()) return true;
    const Plan plan = first_plan();
    if (plan.straight) return write(plan);
    destination_.apply(plan.before);
    try {
      if (!land(plan)) {
        drop_landing(destination_, plan.landing);
        return false;
      }
      throw_if_stopped(context_.stop);
      const Plan known = make_plan(facts_);
      destination_.apply(known.after);
      tell_retyped(known);
    } catch (...) {
      reading_.reset();
      drop_landing(destination_, plan.landing);
      throw;
    }
    return true;
  }

  void tell_names() {
    const ColumnPlan& plan = transforms_->plan();
    if (plan.renamed() == 0 || names_told_) return;
    names_told_ = true;
    context_.log.info(fmt::format("Naming convention: {} ({} {} will be renamed)", to_string(plan.naming()), plan.renamed(),
                                  plan.renamed() == 1 ? "column" : "columns"));
  }

  // Of a table that grows once more, when all rows are there.
  void tell_computed() {
    for (; computed_told_ < transforms_->plan().computed().size(); ++computed_told_) {
      context_.log.info(fmt::format("column {}: {} works it out itself, so what the source has for it is left out",
                                    transforms_->plan().computed()[computed_told_], to_string(facts_.target)));
    }
  }

  void tell_retyped(const Plan& plan) {
    for (const Step& step : plan.after) {
      const auto* retyped = std::get_if<RetypeColumn>(&step);
      if (retyped == nullptr || retyped->table != facts_.target) continue;
      context_.log.info(fmt::format("column {} of {} was {} and is {} now, which holds all of its values", retyped->column,
                                    to_string(facts_.target), to_string(retyped->from), to_string(retyped->to)));
    }
  }

  // What the keys are called where the rows land.
  void name_keys(const ColumnPlan& plan) {
    facts_.primary_key.clear();
    for (const std::string& name : primary_key(job_, table_.spec())) facts_.primary_key.push_back(plan.landed_name(name));
    if (!job_.incremental_key.empty()) facts_.incremental_key = plan.landed_name(job_.incremental_key);
    facts_.partition_by.clear();
    for (const std::string& name : job_.partition_by) facts_.partition_by.push_back(plan.landed_name(name));
  }

  // Of a table that declares no column: from its first rows. False when there is nothing to do.
  bool learn_columns() {
    reading_.emplace(table_, request_);
    first_ = next_batch();
    facts_.incremental_key = job_.incremental_key;
    facts_.landed = first_ ? transforms_->schema() : columns_of_no_rows(job_, facts_, destination_);
    return !facts_.landed.columns.empty();
  }

  // As it lands.
  std::optional<Batch> next_batch() {
    if (first_) return std::exchange(first_, std::nullopt);
    std::optional<Batch> batch = reading_->next();
    if (!batch) return std::nullopt;
    return within(table_.spec().name, [&] { return transforms_->apply(std::move(*batch)); });
  }

  bool land(const Plan& plan) {
    if (!job_.columns.masks.empty()) destination_.keep_private();
    const std::unique_ptr<Appender> appender = destination_.append(plan.landing, plan.landed);
    if (relation_) return land(*relation_, *appender);
    if (!reading_) reading_.emplace(table_, request_);
    bool came = false;
    while (std::optional<Batch> batch = next_batch()) {
      const auto rows = static_cast<uint64_t>(batch->rows());
      check_names(batch->schema());
      appender->append(std::move(*batch));
      context_.counters.rows += rows;
      ++context_.counters.batches;
      came = true;
    }
    appender->finish();
    for (const std::string& sentence : transforms_->finish()) context_.log.warning(sentence);
    tell_computed();
    if (came) facts_.landed = transforms_->schema();
    return true;
  }

  // Likewise.
  bool write(const Plan& plan) {
    if (!job_.columns.masks.empty()) destination_.keep_private();
    return hand_over(*relation_, [&](const Relation& rows) { destination_.write(plan, with_steps(rows, plan.after)); });
  }

  bool land(const Relation& relation, Appender& appender) {
    if (!hand_over(relation, [&](const Relation& rows) { appender.append(rows); })) return false;
    appender.finish();
    return true;
  }

  // False when a row does not fit the types of a provisional relation.
  template <class Take>
  bool hand_over(const Relation& relation, Take&& take) {
    const uint64_t rows_before = context_.counters.rows;
    try {
      const Relation landed = transforms_->apply(relation);
      // Without stages nothing is raised that does not say where.
      if (transforms_->plan().changes_values()) {
        within(table_.spec().name, [&] { take(landed); });
      } else {
        take(landed);
      }
    } catch (const Error& error) {
      // What is wrong with the file itself is found, and told, when all rows are looked at.
      if (!relation.provisional || error.kind() != ErrorKind::bad_data) throw;
      context_.counters.rows = rows_before;
      return false;
    }
    ++context_.counters.batches;
    return true;
  }

  const Job& job_;
  Table& table_;
  Destination& destination_;
  const Context& context_;
  PlanFacts facts_;
  std::optional<ColumnsThere> there_;  // asked for once
  ReadRequest request_;
  ColumnFacts column_facts_;
  std::optional<Relation> relation_;
  std::optional<Transforms> transforms_;
  std::optional<Batch> first_;  // of a reading that began before there was a plan
  std::optional<Reading> reading_;
  bool names_told_ = false;
  bool checked_ = false;
  size_t names_checked_ = 0;
  size_t computed_told_ = 0;
};

}  // namespace

std::vector<std::string> primary_key(const Job& job, const TableSpec& spec) {
  const bool by_key = job.strategy == Strategy::merge || job.strategy == Strategy::scd2;
  return by_key && job.primary_key.empty() ? spec.primary_key : job.primary_key;
}

void check_columns(const Job& job, const TableSpec& spec) {
  if (spec.schema.columns.empty()) return;
  require_keys(job.strategy, primary_key(job, spec), job.incremental_key);
  if (!spec.grows) ColumnPlan(wishes_of(job), column_facts(job, spec));
}

Plan plan_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  check_columns(job, table.spec());
  return Run(job, table, destination, context).plan();
}

std::vector<ColumnWord> run_pipeline(const Job& job, Table& table, Destination& destination, const Context& context) {
  check_columns(job, table.spec());
  Run run(job, table, destination, context);
  run.load();
  return run.unmet_words();
}

}  // namespace ingestr
