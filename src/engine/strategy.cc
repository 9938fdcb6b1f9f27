#include "engine/strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "engine/destination.h"
#include "engine/evolution.h"
#include "engine/keys.h"

namespace ingestr {
namespace {

constexpr size_t kLandingNameBytes = 60;  // Postgres cuts names at 63 bytes, without a word

constexpr std::array<std::pair<Strategy, std::string_view>, 5> kStrategyNames = {
    {{Strategy::replace, "replace"},
     {Strategy::append, "append"},
     {Strategy::merge, "merge"},
     {Strategy::delete_insert, "delete+insert"},
     {Strategy::scd2, "scd2"}}};

constexpr std::array kVersionColumns = {kValidFromColumn, kValidToColumn, kIsCurrentColumn};

void add(std::vector<Step>& steps, std::vector<Step> more) {
  steps.insert(steps.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

bool changes_existing(const PlanFacts& facts) { return facts.strategy != Strategy::replace && facts.existing; }

// The landed columns as the target has them, where it has the source's types: those that it gets, and those that are of the type already.
Schema with_source_types(const PlanFacts& facts) {
  Schema landed = facts.landed;
  for (const Column& column : facts.source_types) {
    const Column* there = changes_existing(facts) ? find_column(*facts.existing, column.name) : nullptr;
    const std::optional<size_t> place = landed.find(column.name);
    if (place && (there == nullptr || there->type == column.type)) landed.columns[*place].type = column.type;
  }
  return landed;
}

std::vector<Step> restore(const TableName& landing, const Schema& landed, const Schema& wanted) {
  RestoreTypes step{landing, {}};
  for (size_t i = 0; i < landed.columns.size(); ++i) {
    const Type &from = landed.columns[i].type, &to = wanted.columns[i].type;
    if (from != to) step.columns.push_back({landed.columns[i].name, from, to});
  }
  if (step.columns.empty()) return {};
  return {std::move(step)};
}

std::vector<Step> before_rows(const PlanFacts& facts, const TableName& landing, const Schema& landed, const Keys& keys) {
  std::vector<Step> steps;
  if (!facts.target.schema.empty()) steps.push_back(CreateSchema{facts.target.schema});
  add(steps, {DropLandings{}, DropTable{landing}, CreateTable{landing, landed, !keys.primary.empty(), changes_existing(facts)}});
  return steps;
}

// The landing table has what the target is to have: types, load timestamp, what a contract
// allows, one row for each key. What changes columns comes first: in one transaction DuckDB gives no
// column to a table that has lost rows.
void finish_landing(std::vector<Step>& steps, const PlanFacts& facts, const Keys& keys,
                    std::vector<Step> discard = {}) {
  const TableName landing = landing_name(facts.target);
  if (facts.loaded_at) {
    steps.push_back(
        AddLoadTimestamp{landing, std::string(kLoadTimestampColumn), *facts.loaded_at});
  }
  add(steps, std::move(discard));
  if (keys.primary.empty()) return;
  steps.push_back(RequireNoNulls{landing, keys.primary, "a row without a key cannot be told from others"});
  steps.push_back(Deduplicate{landing, keys.primary, keys.incremental});
}

// Of a target that does not exist, or that is to go.
std::vector<Step> landing_becomes_target(const PlanFacts& facts, const Keys& keys) {
  const TableName landing = landing_name(facts.target);
  std::vector<Step> steps;
  for (const Column& column : facts.landed.columns) {
    if (column.inferred) steps.push_back(DecodeColumn{landing, column.name, column.type});
  }
  if (facts.strategy == Strategy::scd2) {
    steps.push_back(AddVersionColumns{landing, facts.started_at});
  }
  finish_landing(steps, facts, keys);
  if (!keys.partition.empty()) steps.push_back(PartitionTable{facts.target, keys.partition});
  if (facts.strategy == Strategy::replace && !facts.fresh) {
    steps.push_back(ReplaceTable{landing, facts.target});
    return steps;
  }
  if (facts.fresh) steps.push_back(DropTable{facts.target});
  steps.push_back(RenameTable{landing, facts.target.table});
  return steps;
}

// Landed columns with what AddLoadTimestamp adds.
Schema finished(const PlanFacts& facts) {
  Schema schema = facts.landed;
  if (facts.loaded_at) {
    schema.columns.push_back({std::string(kLoadTimestampColumn), TypeId::timestamp_tz, false});
  }
  return schema;
}

std::vector<Step> append_steps(const PlanFacts& facts, const TableName& landing,
                               const std::vector<CopiedColumn>& columns) {
  return {InsertRows{landing, facts.target, columns}};
}

std::vector<Step> merge_steps(const PlanFacts& facts, const TableName& landing, const Keys& keys,
                              const std::vector<CopiedColumn>& columns) {
  std::vector<std::string> key;
  for (const std::string& name : keys.primary) key.push_back(copied(columns, name).to);
  return {MergeRows{landing, facts.target, columns, std::move(key), facts.predicate}};
}

std::vector<Step> delete_insert_steps(const PlanFacts& facts, const TableName& landing,
                                      const Keys& keys, const std::vector<CopiedColumn>& columns) {
  const CopiedColumn& key = copied(columns, keys.incremental);
  check_order(facts.target, key);
  std::vector<Step> steps = {RequireNoNulls{
      landing, {keys.incremental}, "such a row would be there twice after the next run"}};
  if (facts.interval_start || facts.interval_end) {
    steps.push_back(DeleteInterval{facts.target, key.to, key.to_type, facts.interval_start,
                                   facts.interval_end});
    // A query of the user's own may give rows outside the interval: they must not be there twice
    // after the next run.
    steps.push_back(DeleteLandedValues{landing, facts.target, key});
  } else {
    steps.push_back(DeleteLandedRange{landing, facts.target, key});
  }
  steps.push_back(InsertRows{landing, facts.target, columns});
  return steps;
}

bool is_version_column(std::string_view name) {
  return std::ranges::any_of(kVersionColumns, [&](std::string_view known) { return equal_ignoring_case(name, known); });
}

void check_versions(const PlanFacts& facts) {
  for (const Column& column : facts.landed.columns) {
    if (!is_version_column(column.name)) continue;
    throw Error(ErrorKind::unsupported,
                fmt::format("the source has a column {}, which scd2 adds itself; leave it out with "
                            "--sql-exclude-columns",
                            column.name));
  }
  if (!facts.existing) return;
  for (const std::string_view name : kVersionColumns) {
    if (find_column(*facts.existing, name) != nullptr) continue;
    throw Error(ErrorKind::unsupported,
                fmt::format("{} has no column {}, so it was not made by scd2; load into another "
                            "table, or let --full-refresh begin its history anew",
                            to_string(facts.target), name));
  }
}

// Ours, or one that the source has from another run of this program.
bool is_load_timestamp(std::string_view name) {
  return name == kLoadTimestampColumn || name.starts_with(std::string(kLoadTimestampColumn) + "_");
}

std::vector<Step> scd2_steps(const PlanFacts& facts, const TableName& landing, const Keys& keys,
                             const std::vector<CopiedColumn>& columns) {
  const SystemTime time = facts.started_at;
  CloseVersions close{landing, facts.target, {}, {}, false, time};
  InsertVersions insert{landing, facts.target, columns, {}, {}, time};
  for (const std::string& name : keys.primary) {
    close.keys.push_back(copied(columns, name));
    insert.key.push_back(close.keys.back().to);
  }
  for (const CopiedColumn& column : columns) {
    const bool is_key = std::ranges::find(close.keys, column) != close.keys.end();
    if (!is_key && !is_load_timestamp(column.from)) close.compared.push_back(column);
  }
  for (const Column& column : facts.existing->columns) {
    const bool comes = std::ranges::find(columns, column.name, &CopiedColumn::to) != columns.end();
    const bool is_ours = is_version_column(column.name) || column.name == kLoadTimestampColumn;
    if (!comes && !is_ours) insert.kept.push_back(column.name);
  }
  const bool whole = facts.incremental_key.empty() && !facts.interval_start && !facts.interval_end;
  close.vanished = whole && !facts.partial;
  std::vector<Step> steps;
  if (close.vanished || !close.compared.empty()) steps.push_back(std::move(close));
  steps.push_back(std::move(insert));
  return steps;
}

// Our timestamp breaks no contract: where nothing may be added it is left out.
PlanFacts without_new_timestamp(PlanFacts facts) {
  const bool may_add = facts.contract == Contract::evolve;
  if (!may_add && find_column(*facts.existing, kLoadTimestampColumn) == nullptr) facts.loaded_at.reset();
  return facts;
}

std::vector<Step> change_target(const PlanFacts& wanted, const Keys& keys) {
  const PlanFacts facts = without_new_timestamp(wanted);
  const TableName landing = landing_name(facts.target);
  const Evolution evolution = evolve(facts.target, *facts.existing, landing, finished(facts), facts.contract);
  std::vector<Step> steps = evolution.decode;
  finish_landing(steps, facts, keys, evolution.discard);
  add(steps, evolution.steps);
  const std::vector<std::string> by = facts.strategy == Strategy::delete_insert ? std::vector{keys.incremental} : keys.primary;
  for (const std::string& key : by) require_kept(facts, copied(evolution.columns, key));
  switch (facts.strategy) {
    case Strategy::append:
      add(steps, append_steps(facts, landing, evolution.columns));
      break;
    case Strategy::merge:
      add(steps, merge_steps(facts, landing, keys, evolution.columns));
      break;
    case Strategy::delete_insert:
      add(steps, delete_insert_steps(facts, landing, keys, evolution.columns));
      break;
    case Strategy::scd2:
      add(steps, scd2_steps(facts, landing, keys, evolution.columns));
      break;
    case Strategy::replace:
      throw Error(ErrorKind::internal, "replace changes no table");
  }
  steps.push_back(DropTable{landing});
  return steps;
}

// Nothing is to be done to the rows but what can be done to each alone.
bool goes_as_it_comes(const PlanFacts& facts, const Keys& keys) {
  return facts.strategy != Strategy::scd2 && keys.primary.empty() && keys.partition.empty() &&
         std::ranges::none_of(facts.landed.columns, &Column::inferred);
}

Plan straight_plan(const PlanFacts& facts) {
  Plan plan{.before = {}, .landing = facts.target, .landed = facts.landed, .after = {}, .straight = true};
  plan.replaces = facts.strategy == Strategy::replace || facts.fresh;
  if (facts.loaded_at) plan.after = {AddLoadTimestamp{facts.target, std::string(kLoadTimestampColumn), *facts.loaded_at}};
  return plan;
}

}  // namespace

Strategy parse_strategy(std::string_view name) {
  for (const auto& [strategy, known] : kStrategyNames) {
    if (name == known) return strategy;
  }
  throw Error(ErrorKind::usage,
              fmt::format("there is no strategy \"{}\"; use replace, append, merge, delete+insert "
                          "or scd2",
                          shorten(name, 40)));
}

std::string_view to_string(Strategy strategy) {
  for (const auto& [known, name] : kStrategyNames) {
    if (strategy == known) return name;
  }
  return "?";
}

Plan make_plan(const PlanFacts& known) {
  PlanFacts facts = known;
  facts.landed = with_source_types(known);
  const Keys keys = find_keys(facts);
  if (facts.strategy == Strategy::scd2) check_versions(facts);
  const TableName landing = landing_name(facts.target);
  const bool into_existing = changes_existing(facts);
  if (facts.straight && !into_existing && goes_as_it_comes(facts, keys)) return straight_plan(facts);
  const Schema& landed = facts.taken ? facts.landed : known.landed;
  std::vector<Step> after = restore(landing, landed, facts.landed);
  add(after, into_existing ? change_target(facts, keys) : landing_becomes_target(facts, keys));
  return {before_rows(facts, landing, landed, keys), landing, landed, std::move(after)};
}

std::vector<Step> early_checks(const PlanFacts& known) {
  if (known.strategy != Strategy::merge || known.predicate.empty() || !known.existing) return {};
  PlanFacts facts = known;
  facts.landed = with_source_types(known);
  Schema columns = *facts.existing;  // a row of the source may have them all, and more
  for (const Column& column : finished(facts).columns) {
    if (find_column(columns, column.name) == nullptr) columns.columns.push_back(column);
  }
  return {RequirePredicate{facts.predicate, columns, columns}};
}

std::string to_text(const Plan& plan) {
  if (plan.straight) {
    std::string text = fmt::format("rows are written straight into {}{}\n", to_string(plan.landing),
                                   plan.replaces ? ", in place of what it has" : "");
    for (const Step& step : plan.after) text += fmt::format("  {}\n", to_text(step));
    return text;
  }
  std::string text = "before the rows:\n";
  for (const Step& step : plan.before) text += fmt::format("  {}\n", to_text(step));
  text +=
      fmt::format("rows land in {}\nafter the rows, all or nothing:\n", to_string(plan.landing));
  for (const Step& step : plan.after) text += fmt::format("  {}\n", to_text(step));
  return text;
}

// Of the path of a file its name is enough.
TableName landing_name(const TableName& target) {
  const size_t end = target.schema.empty() ? target.table.rfind('/') : std::string::npos;
  const std::string name = end == std::string::npos ? target.table : target.table.substr(end + 1);
  return {target.schema, shorten_name(std::string(kLandingPrefix) + name, kLandingNameBytes)};
}

}  // namespace ingestr
