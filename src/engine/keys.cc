#include "engine/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "data/type_kind.h"
#include "engine/column_override.h"
#include "engine/evolution.h"

namespace ingestr {
namespace {

// A column in which no value was seen needs none.
bool has_order(const Type& type) {
  return is_number(type) || is_time(type) || type.native_is_number || type.id == TypeId::null;
}

// What the key is compared as: into a number of the target's own it comes as text.
Type compared_type(const PlanFacts& facts, const Column& key) {
  const Column* there = facts.existing ? find_column(*facts.existing, key.name) : nullptr;
  return there != nullptr && there->type.native_is_number ? there->type : key.type;
}

const Column& landed_column(const PlanFacts& facts, std::string_view flag, std::string_view name) {
  if (const Column* column = find_column(facts.landed, name)) return *column;
  std::vector<std::string> names;
  for (const Column& column : facts.landed.columns) names.push_back(column.name);
  throw Error(ErrorKind::usage, fmt::format("{} names {}, which is no column of the table; its columns are {}", flag,
                                            name, fmt::join(names, ", ")));
}

void check_incremental(const PlanFacts& facts, const Column& key) {
  const Type type = compared_type(facts, key);
  if (!has_order(type)) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--incremental-key {} is {}; delete+insert needs a number, date or timestamp", key.name,
                            to_string(type)));
  }
  const bool has_interval = facts.interval_start || facts.interval_end;
  if (has_interval && !is_time(type) && type.id != TypeId::null) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--incremental-key {} is {}, and an interval is one of time; leave out --interval-start and "
                            "--interval-end: the landed rows' lowest and highest value take their place",
                            key.name, to_string(type)));
  }
}

bool may_name_a_directory(const Type& type) {
  return type.id != TypeId::json && type.id != TypeId::list && type.id != TypeId::blob && type.id != TypeId::interval;
}

std::vector<std::string> find_partition(const PlanFacts& facts) {
  std::vector<std::string> columns;
  for (const std::string& name : facts.partition_by) {
    if (facts.loaded_at && name == kLoadTimestampColumn) {
      throw Error(ErrorKind::usage, fmt::format("--partition-by names {}, which is the same for all rows of a run; leave it out, files of "
                                                "different runs are told apart by their names",
                                                name));
    }
    const Column& column = landed_column(facts, "--partition-by", name);
    if (!may_name_a_directory(column.type)) {
      throw Error(ErrorKind::unsupported, fmt::format("--partition-by {} is {}, and directories are not named by such values; choose another column",
                                                      column.name, to_string(column.type)));
    }
    if (std::ranges::find(columns, column.name) != columns.end()) {
      throw Error(ErrorKind::usage, fmt::format("--partition-by names {} twice; name it once", column.name));
    }
    columns.push_back(column.name);
  }
  if (!columns.empty() && columns.size() == facts.landed.columns.size() && !facts.loaded_at) {
    throw Error(ErrorKind::usage, "--partition-by names all columns, so that files would have none; leave one out");
  }
  return columns;
}

}  // namespace

void require_keys(Strategy strategy, const std::vector<std::string>& primary_key, const std::string& incremental_key) {
  const bool by_key = strategy == Strategy::merge || strategy == Strategy::scd2;
  if (by_key && primary_key.empty()) {
    throw Error(ErrorKind::usage, fmt::format("{} needs --primary-key, for the source declares none for this table",
                                              to_string(strategy)));
  }
  if (strategy == Strategy::delete_insert && incremental_key.empty()) {
    throw Error(ErrorKind::usage, "delete+insert needs --incremental-key: the column whose range is replaced");
  }
}

Keys find_keys(const PlanFacts& facts) {
  require_keys(facts.strategy, facts.primary_key, facts.incremental_key);
  const bool by_range = facts.strategy == Strategy::delete_insert;
  Keys keys;
  keys.partition = find_partition(facts);
  if (facts.strategy != Strategy::append) {
    for (const std::string& name : facts.primary_key) {
      const std::string& landed = landed_column(facts, "--primary-key", name).name;
      if (std::ranges::find(keys.primary, landed) == keys.primary.end()) keys.primary.push_back(landed);
    }
  }
  if (facts.incremental_key.empty() || (keys.primary.empty() && !by_range)) return keys;
  const Column& key = landed_column(facts, "--incremental-key", facts.incremental_key);
  if (by_range) check_incremental(facts, key);
  keys.incremental = key.name;
  return keys;
}

const CopiedColumn& copied(const std::vector<CopiedColumn>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &CopiedColumn::from);
  if (found == columns.end()) {
    throw Error(ErrorKind::unsupported,
                fmt::format("the key {} is no column of the target, and the schema contract adds none", name));
  }
  return *found;
}

void require_kept(const PlanFacts& facts, const CopiedColumn& key) {
  const Column* there = find_column(*facts.existing, key.to);
  if (there == nullptr) {
    throw Error(ErrorKind::unsupported,
                fmt::format("the key {} is no column of {}, so that no row could replace one that is there; name a column of both ({}), or "
                            "replace the table with --full-refresh",
                            key.from, to_string(facts.target), fmt::join(facts.existing->names(), ", ")));
  }
  const auto is_text = [](const Type& type) { return type.id == TypeId::varchar || type.id == TypeId::json; };
  if (is_text(there->type) || !is_text(key.to_type) || is_integer(there->type)) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("the key {} is {} in {}, and some of the source's values are none, so that it would become {} and rows that are "
                          "there would not be found again; mend them, or give the key a type that holds all, as in --columns {}:{}",
                          there->name, to_string(there->type), to_string(facts.target), to_string(key.to_type), key.from,
                          written_type(there->type).value_or("text")));
}

void check_order(const TableName& target, const CopiedColumn& key) {
  if (has_order(key.to_type)) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("--incremental-key {} is {} in the source, but as {} would be {}, which has another order; "
                          "change the column's type there, or replace the table with --full-refresh",
                          key.from, to_string(key.from_type), to_string(target), to_string(key.to_type)));
}

}  // namespace ingestr
