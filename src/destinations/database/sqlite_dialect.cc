#include "destinations/database/sqlite_dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "data/type_kind.h"
#include "database/moment.h"
#include "database/sqlite_types.h"
#include "sql/rows.h"
#include "sql/versions.h"

namespace ingestr::database {
namespace {

using Texts = std::vector<std::string>;

// What a value is, and not what its column is declared as, says how it becomes text: any column can hold anything.
std::string as_text(const std::string& value, const Type& from) {
  const std::string_view of_real = from.id == TypeId::real ? "_ingestr_text_of_real" : "_ingestr_text";
  const std::string text = fmt::format("CASE typeof({0}) WHEN 'integer' THEN CAST({0} AS TEXT) WHEN 'real' THEN {1}({0}) ELSE {0} END", value, of_real);
  switch (from.id) {
    case TypeId::boolean:
      return fmt::format("CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {1} END", value, text);
    case TypeId::timestamp_tz:  // as the embedded engine writes it
      return fmt::format("CASE WHEN {0} LIKE '%+00:00' THEN substr({0}, 1, length({0}) - 3) ELSE {1} END", value, text);
    default:
      return text;
  }
}

std::string json_of(const std::string& value, const Type& from) {
  if (from.id == TypeId::json || from.id == TypeId::null) return value;
  if (from.id == TypeId::boolean || is_integer(from) || from.id == TypeId::decimal) return as_text(value, from);
  const std::string quoted = fmt::format("CASE WHEN {0} IS NOT NULL THEN json_quote({1}) END", value, as_text(value, from));
  if (!is_float(from)) return quoted;
  return fmt::format("CASE WHEN abs({0}) <= 1.7976931348623157e308 THEN {1} ELSE {2} END", value, as_text(value, from), quoted);
}

std::string as_decimal(const std::string& value, const Type& from, const Type& to) {
  if (is_float(from)) return fmt::format("_ingestr_decimal({}, {})", value, to.scale);
  const int more = to.scale - (from.id == TypeId::decimal ? from.scale : 0);
  if (more <= 0) return as_text(value, from);
  const bool has_point = from.id == TypeId::decimal && from.scale > 0;
  return fmt::format("{} || '{}{}'", as_text(value, from), has_point ? "" : ".", std::string(static_cast<size_t>(more), '0'));
}

// A condition: the value is none of the type as we write it.
std::string is_no_decimal(const std::string& value, const Type& type) {
  const std::string point = type.scale == 0 ? "0" : fmt::format("length({}) - {}", value, type.scale);
  return fmt::format("typeof({0}) <> 'text' OR {0} GLOB '*[^-0-9.]*' OR {0} NOT GLOB '*[0-9]*' OR {0} GLOB '?*-*' OR instr({0}, '.') <> {1} OR "
                     "length(ltrim({0}, '-0')) > {2}",
                     value, point, type.precision + (type.scale > 0 ? 1 : 0));
}

std::string is_no_number(const std::string& value) { return fmt::format("typeof({}) NOT IN ('integer', 'real')", value); }

// Where the rows are that match.
constexpr std::string_view kMatched = "temp._ingestr_matched";
constexpr std::string_view kUnmatchedInOrder = "source.rowid NOT IN (SELECT place FROM temp._ingestr_matched) ORDER BY source.rowid";

std::string matched_rows(const std::string& target, const std::string& condition) {
  return fmt::format("CREATE TEMP TABLE _ingestr_matched AS SELECT DISTINCT source.rowid AS place FROM {} AS target, {} AS source WHERE {}", target,
                     SqliteDialect::kRows, condition);
}

constexpr std::string_view kByMoment = " COLLATE _ingestr_time";

// A column as it is compared with what we write: times by the moment, decimals by their value.
std::string by_value(const std::string& column, const Type& type) {
  if (type.id == TypeId::decimal) return column + " COLLATE _ingestr_decimal";
  return is_time(type) ? column + std::string(kByMoment) : column;
}

}  // namespace

std::string SqliteDialect::type(const Type& type) const { return sqlite_type(type); }

std::string SqliteDialect::time(SystemTime time, const Type& type) const {
  std::string text = moment_text(time);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return this->text(type.id == TypeId::timestamp_tz ? text + "+00:00" : text);
}

std::string SqliteDialect::converted(const std::string& value, const Type& from, const Type& to) const {
  switch (to.id) {
    case TypeId::varchar:
      return as_text(value, from);
    case TypeId::json:
      return json_of(value, from);
    case TypeId::decimal:
      return as_decimal(value, from, to);
    case TypeId::real:
    case TypeId::double_:
      return from.id == TypeId::decimal ? fmt::format("_ingestr_double({})", value) : fmt::format("CAST({} AS REAL)", value);
    case TypeId::timestamp:
      return from.id == TypeId::date ? fmt::format("CASE WHEN length({0}) = 10 THEN {0} || ' 00:00:00' ELSE {0} END", value) : value;
    default:
      return value;
  }
}

// Only the way back of numbers that have become REAL is asked for.
std::string SqliteDialect::try_converted(const std::string& value, const Type& from, const Type& to) const {
  if (!is_float(from) || !is_integer(to)) return converted(value, from, to);
  return fmt::format("CASE WHEN {0} >= -9223372036854775808.0 AND {0} < 9223372036854775808.0 THEN CAST({0} AS INTEGER) END", value);
}

std::string SqliteDialect::cannot_become(const std::string& value, const Type& from, const Type& to) const {
  if (from.id == TypeId::null) return "";
  const bool is_number = from.id == TypeId::boolean || is_integer(from) || is_float(from);
  switch (to.id) {
    case TypeId::json:
      if (from.id == TypeId::decimal) return is_no_decimal(value, from);
      return is_number ? is_no_number(value) : fmt::format("typeof({}) <> 'text'", value);
    case TypeId::decimal:
      return from.id == TypeId::decimal ? is_no_decimal(value, from) : fmt::format("typeof({}) <> 'integer'", value);
    case TypeId::real:
    case TypeId::double_:
      if (from.id == TypeId::decimal) return is_no_decimal(value, from);
      return fmt::format("{1} OR typeof({0}) = 'integer' AND CAST(CAST({0} AS REAL) AS INTEGER) <> {0}", value, is_no_number(value));
    case TypeId::timestamp:
      return fmt::format("typeof({0}) <> 'text' OR {0} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'", value);
    default:
      return "";
  }
}

std::string SqliteDialect::differ(const std::string& a, const std::string& b, const Type& type) const {
  if (is_time(type)) return fmt::format("{} IS NOT {}", by_value(a, type), b);
  const bool is_text = sqlite_value_type(type).id == TypeId::varchar;
  return fmt::format("{}{} IS NOT {}", a, is_text ? " COLLATE BINARY" : "", b);
}

std::string SqliteDialect::ordered(const std::string& column, const Type& type) const {
  const bool is_text = sqlite_value_type(type).id == TypeId::varchar && type.id != TypeId::decimal && !is_time(type);
  return is_text ? identifier(column) + " COLLATE BINARY" : by_value(identifier(column), type);
}

std::string SqliteDialect::landed_rows(const TableName&, const std::vector<CopiedColumn>&) const { return std::string(kRows); }

// The plus sign keeps SQLite from an index of its own on the target: the Bloom filter that 3.40 puts before it takes times of another
// length for others.
std::string SqliteDialect::same_key(const std::vector<CopiedColumn>& columns, const Texts& key) const {
  Texts matches;
  for (const std::string& name : key) {
    const auto column = std::ranges::find(columns, name, &CopiedColumn::to);
    const bool is_moment = column != columns.end() && is_time(column->to_type);
    matches.push_back(fmt::format("{0}target.{1}{2} = source.{1}", is_moment ? "+" : "", identifier(name), is_moment ? kByMoment : ""));
  }
  return fmt::format("{}", fmt::join(matches, " AND "));
}

std::string SqliteDialect::indexed(const std::string& column, const Type& type, std::string_view collation) const {
  return is_time(type) ? by_value(identifier(column), type) : fmt::format("{} COLLATE {}", identifier(column), identifier(collation));
}

Texts SqliteDialect::decode(const DecodeColumn&) const { return {}; }

// What matches is found out before anything changes: a predicate may be about columns that do. By then the rows have an index
// on the key, so one look at the target is enough.
Texts SqliteDialect::merge(const MergeRows& step) const {
  const std::string target = table(step.to);
  Texts names, changes;
  for (const CopiedColumn& column : step.columns) {
    names.push_back(identifier(column.to));
    if (std::ranges::find(step.key, column.to) == step.key.end()) changes.push_back(fmt::format("{0} = source.{0}", names.back()));
  }
  const std::string condition = merge_condition(step, *this);
  Texts statements = {matched_rows(target, condition)};
  if (!changes.empty()) {
    statements.push_back(fmt::format("UPDATE {} AS target SET {} FROM {} AS source WHERE {}", target, fmt::join(changes, ", "), kRows, condition));
  }
  statements.push_back(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2} AS source WHERE {3}", target, fmt::join(names, ", "), kRows,
                                   kUnmatchedInOrder));
  statements.push_back(fmt::format("DROP TABLE {}", kMatched));
  return statements;
}

Texts SqliteDialect::insert_versions(const InsertVersions& step) const {
  const std::string matched = fmt::format("target.{} AND {}", identifier(kIsCurrentColumn), same_key(step.columns, step.key));
  return {matched_rows(table(step.to), matched), insert_versions_sql(step, kUnmatchedInOrder, *this), fmt::format("DROP TABLE {}", kMatched)};
}

std::string SqliteDialect::delete_range(const TableName& table, const CopiedColumn& column, const std::string& low,
                                        const std::string& high) const {
  return fmt::format("DELETE FROM {} WHERE {} BETWEEN {} AND {}", this->table(table), ordered(column.to, column.to_type), low, high);
}

Texts SqliteDialect::delete_values(const DeleteLandedValues& step) const {
  const std::string name = identifier(step.column.to);
  return {fmt::format("DELETE FROM {} WHERE {} IN (SELECT {} FROM {})", table(step.table), by_value(name, step.column.to_type), name, kRows)};
}

}  // namespace ingestr::database
