#include "engine/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "engine/evolution.h"

namespace ingestr {
namespace {

bool is_time(const Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz;
}

bool has_order(const Type& type) {
  switch (type.id) {
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal:
    case TypeId::null:  // no value was seen, so no order is needed
      return true;
    default:
      return is_time(type);
  }
}

const Column& landed_column(const PlanFacts& facts, std::string_view flag, std::string_view name) {
  if (const Column* column = find_column(facts.landed, name)) return *column;
  std::vector<std::string> names;
  for (const Column& column : facts.landed.columns) names.push_back(column.name);
  throw Error(ErrorKind::usage, fmt::format("{} names {}, which is no column of the table; its columns are {}", flag,
                                            name, fmt::join(names, ", ")));
}

[[noreturn]] void missing(Strategy strategy, std::string_view flag) {
  throw Error(ErrorKind::usage, fmt::format("{} needs {}", to_string(strategy), flag));
}

void check_incremental(const PlanFacts& facts, const Column& key) {
  if (!has_order(key.type)) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--incremental-key {} is {}; delete+insert needs a number, date or timestamp", key.name,
                            to_string(key.type)));
  }
  const bool has_interval = facts.interval_start || facts.interval_end;
  if (has_interval && !is_time(key.type) && key.type.id != TypeId::null) {
    throw Error(ErrorKind::unsupported,
                fmt::format("--incremental-key {} is {}, and an interval is one of time; leave out --interval-start and "
                            "--interval-end: the landed rows' lowest and highest value take their place",
                            key.name, to_string(key.type)));
  }
}

}  // namespace

Keys find_keys(const PlanFacts& facts) {
  if (facts.strategy == Strategy::merge && facts.primary_key.empty()) {
    throw Error(ErrorKind::usage, "merge needs --primary-key, for the source declares none for this table");
  }
  const bool by_range = facts.strategy == Strategy::delete_insert;
  if (by_range && facts.incremental_key.empty()) missing(facts.strategy, "--incremental-key");

  Keys keys;
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
  if (found == columns.end()) throw Error(ErrorKind::internal, fmt::format("{} is not copied", name));
  return *found;
}

void check_order(const TableName& target, const CopiedColumn& key) {
  if (has_order(key.to_type)) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("--incremental-key {} is {} in the source, but as {} would be {}, which has another order; "
                          "change the column's type there, or replace the table with --full-refresh",
                          key.from, to_string(key.from_type), to_string(target), to_string(key.to_type)));
}

}  // namespace ingestr
