#include "engine/column_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "engine/column_stages.h"
#include "engine/evolution.h"

namespace ingestr {
namespace {

bool is_same_column(std::string_view word, std::string_view source, std::string_view landed) {
  return fit(word, source) != Fit::none || fit(word, landed) != Fit::none;
}

}  // namespace

ColumnPlan::ColumnPlan(ColumnWishes wishes, ColumnFacts facts)
    : wishes_(std::move(wishes)),
      facts_(std::move(facts)),
      naming_(choose_naming(wishes_.naming, facts_.source.names(), facts_.existing)),
      taken_(facts_.reserved),
      used_masks_(wishes_.masks.size()),
      used_exclusions_(wishes_.excluded.size()) {
  check_wishes(wishes_, facts_.source);
  bind_overrides();
  if (!wishes_.only_overrides) plan_declared();
  for (size_t i = 0; i < bound_.size(); ++i) plan_ahead(i);
  if (columns_.empty() && !facts_.source.columns.empty()) {
    throw Error(ErrorKind::usage, wishes_.only_overrides
                                      ? "--no-inference leaves no column, as the table has none that --columns lists"
                                      : computed_.empty() ? "--sql-exclude-columns leaves no column; exclude fewer"
                                                          : "no column is left but those that the target works out itself");
  }
}

void ColumnPlan::bind_overrides() {
  for (const ColumnOverride& one : wishes_.overrides) {
    const bool is_reserved = std::ranges::any_of(
        facts_.reserved, [&](const std::string& name) { return equal_ignoring_case(name, one.name); });
    if (is_reserved) {
      throw Error(ErrorKind::usage,
                  fmt::format("--columns names a column {}, as this program calls one of its own; choose another name",
                              one.name));
    }
    Bound bound;
    if (const Column* column = best_fit(facts_.source, one.source)) bound.source = column->name;
    check_bound_once(bound.source, one);
    if (bound.source.empty() && facts_.all_declared && one.renames() && wishes_.must_exist) {
      throw_no_column("--columns", one.source, facts_.source.names());
    }
    if (one.renames()) {
      bound.name = free_name(one.name, taken_, facts_.longest_name);
      taken_.push_back(bound.name);
    }
    bound_.push_back(std::move(bound));
  }
}

void ColumnPlan::check_bound_once(const std::string& source, const ColumnOverride& one) const {
  if (source.empty()) return;
  for (size_t i = 0; i < bound_.size(); ++i) {
    if (bound_[i].source != source) continue;
    throw Error(ErrorKind::usage, fmt::format("--columns names the column {} twice, as {} and as {}; name it once", source,
                                              wishes_.overrides[i].source, one.source));
  }
}

std::optional<size_t> ColumnPlan::override_for(std::string_view source) const {
  std::optional<size_t> best;
  Fit best_yet = Fit::none;
  for (size_t i = 0; i < bound_.size(); ++i) {
    if (bound_[i].source == source) return i;
    if (!bound_[i].source.empty()) continue;
    const Fit this_one = fit(wishes_.overrides[i].source, source);
    if (this_one <= best_yet) continue;
    best = i;
    best_yet = this_one;
  }
  return best;
}

const Mask* ColumnPlan::mask_for(std::string_view source, std::string_view landed, const ColumnOverride* wanted) {
  const Mask* found = nullptr;
  for (size_t i = 0; i < wishes_.masks.size(); ++i) {
    const std::string& word = wishes_.masks[i].column;
    if (!is_same_column(word, source, landed) && (wanted == nullptr || fit(word, wanted->name) == Fit::none)) continue;
    used_masks_[i] = true;
    if (found == nullptr) found = &wishes_.masks[i];
  }
  return found;
}

bool ColumnPlan::is_excluded(std::string_view source, const ColumnOverride* wanted) {
  bool excluded = false;
  for (size_t i = 0; i < wishes_.excluded.size(); ++i) {
    const std::string& word = wishes_.excluded[i];
    if (fit(word, source) == Fit::none && (wanted == nullptr || fit(word, wanted->name) == Fit::none)) continue;
    excluded = used_exclusions_[i] = true;
  }
  return excluded;
}

bool ColumnPlan::is_computed(std::string_view source, const ColumnOverride* wanted) {
  const std::string name = wanted != nullptr && wanted->renames() ? wanted->name : named(source, naming_);
  if (std::ranges::none_of(facts_.computed, [&](const std::string& one) { return equal_ignoring_case(one, name); })) return false;
  if (std::ranges::find(computed_, source) == computed_.end()) computed_.emplace_back(source);
  return true;
}

bool ColumnPlan::is_left_out(std::string_view source, const ColumnOverride* wanted) {
  return is_excluded(source, wanted) || is_computed(source, wanted);
}

std::string ColumnPlan::name_for(std::string_view source, std::optional<size_t> wanted) {
  if (wanted && wishes_.overrides[*wanted].renames()) return bound_[*wanted].name;
  if (const auto known = names_.find(source); known != names_.end()) return known->second;
  const std::string name = free_name(named(source, naming_), taken_, facts_.longest_name);
  taken_.push_back(name);
  names_.emplace(source, name);
  return name;
}

// Places are in the source's order; names go first to those that have them.
void ColumnPlan::plan_declared() {
  const auto is_kept = [&](const Column& column) {
    const auto wanted = override_for(column.name);
    return !is_left_out(column.name, wanted ? &wishes_.overrides[*wanted] : nullptr);
  };
  for (const Column& column : facts_.source.columns) {
    if (named(column.name, naming_) == column.name && is_kept(column)) name_for(column.name, override_for(column.name));
  }
  for (const Column& column : facts_.source.columns) {
    const auto wanted = override_for(column.name);
    add(column, wanted);
    const bool is_named = is_kept(column) && !(wanted && wishes_.overrides[*wanted].renames());
    if (is_named && named(column.name, naming_) != column.name) ++renamed_;
  }
}

void ColumnPlan::plan_ahead(size_t wanted) {
  const ColumnOverride& one = wishes_.overrides[wanted];
  if (!bound_[wanted].source.empty()) {
    if (!wishes_.only_overrides) return;
    add(facts_.source.columns[*facts_.source.find(bound_[wanted].source)], wanted);
    return;
  }
  if (!wishes_.must_exist) return;
  if (one.type) {
    bound_[wanted].ahead = add({one.source, TypeId::null, true}, wanted);
    places_.erase(one.source);  // it has not come yet
    if (bound_[wanted].ahead) columns_[*bound_[wanted].ahead].is_there = false;
  } else if (wishes_.only_overrides) {
    throw Error(ErrorKind::usage,
                fmt::format("--no-inference needs the type of {}: write {}:text:{} or another type", one.source, one.name,
                            one.source));
  }
}

std::optional<size_t> ColumnPlan::add(const Column& source, std::optional<size_t> wanted) {
  const ColumnOverride* override = wanted ? &wishes_.overrides[*wanted] : nullptr;
  std::optional<size_t>& place = places_[source.name];
  if (place || is_left_out(source.name, override)) return place;
  place = columns_.size();
  LandedColumn& landed = columns_.emplace_back();
  landed.source = source.name;
  landed.column.name = name_for(source.name, wanted);
  landed.variable = fmt::format("c{}", *place);
  plan_stages(landed, source, override);
  return place;
}

std::optional<size_t> ColumnPlan::place(const Column& source) {
  if (const auto known = places_.find(source.name); known != places_.end()) return known->second;
  const std::optional<size_t> wanted = override_for(source.name);
  if (!wanted && wishes_.only_overrides) return places_[source.name] = std::nullopt;
  if (!wanted) return add(source, wanted);
  Bound& bound = bound_[*wanted];
  bound.source = source.name;
  if (!bound.ahead) return add(source, wanted);
  LandedColumn& landed = columns_[*bound.ahead];
  landed.source = source.name;
  landed.is_there = true;
  plan_stages(landed, source, &wishes_.overrides[*wanted]);
  return places_[source.name] = bound.ahead;
}

const Column* ColumnPlan::filled_by(const Column& source) {
  const std::optional<size_t> at = place(source);
  if (!at || !facts_.existing || columns_[*at].is_masked) return nullptr;
  const std::optional<size_t> wanted = override_for(source.name);
  if (wanted && wishes_.overrides[*wanted].type) return nullptr;
  return find_column(*facts_.existing, columns_[*at].column.name);
}

void ColumnPlan::plan_stages(LandedColumn& landed, const Column& source, const ColumnOverride* wanted) {
  landed.stages.clear();
  const Mask* mask = mask_for(source.name, landed.column.name, wanted);
  duck::Value value{landed.variable, source.type, source.inferred};
  ColumnStages stages(landed, mask != nullptr);
  if (wishes_.trim) stages.add_trim(value);
  if (wanted != nullptr && wanted->type) {
    stages.add_cast(value, *wanted->type, wanted->most_length);
  } else if (const auto type = time_there(landed, source)) {
    stages.add_cast(value, *type, std::nullopt);
  }
  if (mask != nullptr) {
    landed.is_masked = true;
    check_key(landed, *mask);
    std::vector<duck::TextFunction> needed = stages.add_mask(value, *mask);
    std::ranges::move(needed, std::back_inserter(functions_));
  }
  landed.column.type = value.type;
  landed.column.inferred = value.inferred;
}

// A time without a zone is one of UTC where the target has instants, and the other way about; together they would be text.
std::optional<Type> ColumnPlan::time_there(const LandedColumn& landed, const Column& source) const {
  if (source.inferred || !facts_.keeps_types || !facts_.existing) return std::nullopt;
  const Column* there = find_column(*facts_.existing, landed.column.name);
  if (there == nullptr) return std::nullopt;
  const bool has_no_zone = source.type.id == TypeId::date || source.type.id == TypeId::timestamp;
  const bool changes = (has_no_zone && there->type.id == TypeId::timestamp_tz) ||
                       (source.type.id == TypeId::timestamp_tz && there->type.id == TypeId::timestamp);
  return changes && !there->type.native ? std::optional(there->type) : std::nullopt;
}

void ColumnPlan::check_key(const LandedColumn& landed, const Mask& mask) const {
  const auto is_this = [&](const std::string& word) { return is_same_column(word, landed.source, landed.column.name); };
  if (!facts_.incremental_key.empty() && is_this(facts_.incremental_key)) {
    throw Error(ErrorKind::unsupported,
                fmt::format("{} is the incremental key, and masked nobody can tell which row is newer; leave out its mask",
                            mask.column));
  }
  if (keeps_keys(mask.algorithm) || std::ranges::none_of(facts_.primary_key, is_this)) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("{} is a key, and the mask {} does not keep rows apart, or not the same in each run; use hash, hmac "
                          "or uuid",
                          mask.column, to_string(mask.algorithm)));
}

Schema ColumnPlan::schema() const {
  Schema schema;
  for (const LandedColumn& landed : columns_) schema.columns.push_back(landed.column);
  return schema;
}

bool ColumnPlan::changes_values() const {
  return std::ranges::any_of(columns_, [](const LandedColumn& landed) { return !landed.stages.empty(); });
}

std::string ColumnPlan::select(std::string_view rows, const std::vector<size_t>& places, uint64_t rows_before) const {
  size_t depth = 0;
  std::vector<std::string> variables;
  for (const size_t place : places) {
    depth = std::max(depth, columns_[place].stages.size());
    variables.push_back(columns_[place].variable);
  }
  if (depth == 0) return fmt::format("SELECT {} FROM {}", fmt::join(variables, ", "), rows);
  std::string text = fmt::format("SELECT {}, row_number() OVER () + {} AS {} FROM {}", fmt::join(variables, ", "), rows_before,
                                 kRowNumber, rows);
  for (size_t stage = 0; stage < depth; ++stage) {
    std::vector<std::string> values;
    for (const size_t place : places) {
      const LandedColumn& landed = columns_[place];
      values.push_back(stage < landed.stages.size() ? fmt::format("{} AS {}", landed.stages[stage], landed.variable)
                                                    : landed.variable);
    }
    if (stage + 1 < depth) values.emplace_back(kRowNumber);
    text = fmt::format("SELECT {} FROM ({})", fmt::join(values, ", "), text);
  }
  return text;
}

std::string ColumnPlan::landed_name(std::string_view name) const {
  const LandedColumn* best = nullptr;
  Fit best_yet = Fit::none;
  // What the table has wins over what the source has.
  for (const bool at_source : {false, true}) {
    for (const LandedColumn& landed : columns_) {
      const Fit this_one = fit(name, at_source ? landed.source : landed.column.name);
      if (this_one <= best_yet) continue;
      best = &landed;
      best_yet = this_one;
    }
    if (best_yet >= Fit::ignoring_case) break;
  }
  return best == nullptr ? std::string(name) : best->column.name;
}

std::vector<std::string> ColumnPlan::unused_masks() const {
  std::vector<std::string> words;
  for (size_t i = 0; i < used_masks_.size(); ++i) {
    if (!used_masks_[i]) words.push_back(wishes_.masks[i].column);
  }
  return words;
}

std::vector<std::string> ColumnPlan::unseen_overrides() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < bound_.size(); ++i) {
    if (bound_[i].source.empty()) names.push_back(wishes_.overrides[i].source);
  }
  return names;
}

std::vector<ColumnPlan::Beside> ColumnPlan::beside_masks() const {
  std::vector<Beside> found;
  for (const LandedColumn& masked : columns_) {
    if (!masked.is_masked) continue;
    Beside beside{masked.column.name, {}};
    for (const LandedColumn& other : columns_) {
      if (!other.is_masked && other.column.name.starts_with(beside.masked + "_")) beside.bare.push_back(other.column.name);
    }
    if (!beside.bare.empty()) found.push_back(std::move(beside));
  }
  return found;
}

// By a column of the source that has not got so far, or by what --columns calls one that is there.
bool ColumnPlan::is_met(std::string_view word) const {
  if (best_fit(facts_.source, word) != nullptr) return true;
  for (size_t i = 0; i < bound_.size(); ++i) {
    if (!bound_[i].source.empty() && fit(word, wishes_.overrides[i].name) != Fit::none) return true;
  }
  return false;
}

std::vector<ColumnWord> ColumnPlan::unmet_words() const {
  std::vector<ColumnWord> words;
  for (std::string& word : unseen_overrides()) words.push_back({"--columns", std::move(word)});
  for (size_t i = 0; i < used_exclusions_.size(); ++i) {
    if (!used_exclusions_[i]) words.push_back({"--sql-exclude-columns", wishes_.excluded[i]});
  }
  for (std::string& word : unused_masks()) words.push_back({"--mask", std::move(word)});
  std::erase_if(words, [&](const ColumnWord& one) { return is_met(one.word); });
  return words;
}

}  // namespace ingestr
