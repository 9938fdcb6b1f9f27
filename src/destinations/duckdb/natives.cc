#include "destinations/duckdb/natives.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "data/type_kind.h"
#include "duck/text_values.h"
#include "duck/values.h"

namespace ingestr {
namespace {

bool is_whole_number(std::string_view native) { return native == "HUGEINT" || native == "UHUGEINT" || native == "BIGNUM"; }
bool is_coarse_time(std::string_view native) { return native == "TIMESTAMP_S" || native == "TIMESTAMP_MS"; }
bool is_nested(std::string_view native) { return native.ends_with(']') || native.starts_with("STRUCT(") || native.starts_with("MAP("); }

// Of what the innermost lists are.
std::string_view innermost_name(std::string_view name) {
  while (name.ends_with(']')) name = name.substr(0, name.rfind('['));
  return name;
}

std::string cast_of(std::string_view cast, const std::string& value, std::string_view type) { return fmt::format("{}({} AS {})", cast, value, type); }

std::string as_text(const std::string& value, const Type& from) {
  if (from.id == TypeId::varchar || from.id == TypeId::null) return value;
  return from.id == TypeId::json ? "(" + duck::decoded_json(value) + ")" : duck::text_sql(value, from);
}

// JSON text, or NULL where the text is none.
std::string as_json(const std::string& text) { return fmt::format("CASE WHEN json_valid({0}) THEN CAST({0} AS JSON) END", text); }

// The scalars in a JSON value with their places; numbers that are the same, and times, have the same text.
std::string leaves_of(const std::string& json) {
  return fmt::format(
      "(SELECT list(fullkey || CASE WHEN regexp_full_match(trim(atom, '\"'), '-?[0-9.]+([eE][+-]?[0-9]+)?') THEN regexp_replace(CASE WHEN "
      "regexp_full_match(trim(atom, '\"'), '-?[0-9]+([.]0+)?') THEN trim(atom, '\"') ELSE CAST(TRY_CAST(trim(atom, '\"') AS DOUBLE) AS VARCHAR) "
      "END, '[.]0+$', '') WHEN type = 'VARCHAR' THEN coalesce(CAST(TRY_CAST(trim(atom, '\"') AS TIMESTAMP) AS VARCHAR), '') ELSE CAST(atom AS VARCHAR) END "
      "ORDER BY fullkey) FROM json_tree({}) WHERE atom IS NOT NULL)",
      json);
}

// Without what says nothing.
std::string bare(const std::string& text) { return fmt::format("translate({}, ' ''\"', '')", text); }

std::string nested_misfit(const std::string& value, const Type& from, std::string_view native) {
  const std::string there = native_value(value, from, native, "TRY_CAST");
  const std::string text = fmt::format("CAST({} AS VARCHAR)", value);
  const std::string as_text_there = fmt::format("CAST({} AS VARCHAR)", there);
  return fmt::format(
      "CASE WHEN {0} IS NULL OR {0} = 'null' THEN false WHEN {1} IS NULL THEN true WHEN json_valid({0}) THEN {2} IS DISTINCT FROM {3} ELSE {4} <> {5} END",
      text, there, leaves_of(as_json(text)), leaves_of(fmt::format("to_json({})", there)), bare(text), bare(as_text_there));
}

// A condition: a column of the type would not have the value, of the type `from`, as it is.
std::string misfit(const std::string& value, const Type& from, std::string_view native) {
  const std::string there = native_value(value, from, native, "TRY_CAST");
  if (is_coarse_time(native) || from.id == TypeId::list || (is_whole_number(native) && is_number(from))) {
    return fmt::format("{} IS DISTINCT FROM {}", value, cast_of("TRY_CAST", there, to_string(from)));
  }
  if (is_nested(native)) return nested_misfit(value, from, native);
  const std::string text = as_text(value, from);
  if (is_whole_number(native)) {
    return fmt::format("{0} IS NOT NULL AND ({1} IS NULL OR NOT regexp_full_match(trim({0}), '[+-]?[0-9]+([.]0*)?'))", text, there);
  }
  return fmt::format("{} IS NOT NULL AND {} IS NULL", text, there);
}

// The columns whose casts say nothing of what they change, or refuse in DuckDB's words.
bool needs_look(const TableColumn& column) { return column.type.native || is_coarse_time(column.native); }

}  // namespace

Type type_of_column(const std::string& name, const Type& type) {
  const std::string_view inner = innermost_name(name);
  const bool is_unknown = innermost(type).id == TypeId::varchar && inner != "VARCHAR";
  return is_unknown || (type.id == TypeId::list && is_coarse_time(inner)) ? Type::native_of(name, is_whole_number(name)) : type;
}

std::string native_value(const std::string& value, const Type& from, std::string_view native, std::string_view cast) {
  if (from.native || is_coarse_time(native) || from.id == TypeId::list || native == "VARIANT") return cast_of(cast, value, native);
  if (is_whole_number(native) && is_number(from) && from.id != TypeId::decimal) return cast_of(cast, value, native);
  if (is_nested(native) && from.id == TypeId::json) return cast_of(cast, value, native);
  const std::string text = as_text(value, from);
  if (!is_nested(native)) return cast_of(cast, text, native);
  return fmt::format("CASE WHEN json_valid({0}) THEN {1} ELSE {2} END", text, cast_of(cast, fmt::format("CAST({} AS JSON)", text), native),
                     cast_of(cast, text, native));
}

void require_fit(const TableName& landing, const std::vector<CopiedColumn>& copied, const std::vector<TableColumn>& columns,
                 const DuckdbDialect& dialect, duck::Connection& connection) {
  for (const TableColumn& column : columns) {
    const auto from = std::ranges::find(copied, column.name, &CopiedColumn::to);
    if (from == copied.end() || !needs_look(column)) continue;
    const std::string name = dialect.identifier(from->from);
    const std::string value = column.type.native ? name : dialect.converted(name, from->from_type, column.type);
    const Type type = column.type.native ? from->from_type : column.type;
    const auto found = connection.query(fmt::format("SELECT count(*), min(CAST({} AS VARCHAR)) FROM {} WHERE {}", name, dialect.table(landing),
                                                    misfit(value, type, column.native)));
    const uint64_t rows = std::stoull(found.at(0).at(0).value());
    if (rows == 0) continue;
    throw Error(ErrorKind::bad_data,
                fmt::format("column {0} is of the type {1}, which cannot hold {2} as it is ({3}); give the column another type, as by ALTER TABLE … "
                            "ALTER {0} SET DATA TYPE …, leave it out with --sql-exclude-columns {0}, or load into another table",
                            column.name, column.native, shorten(found.at(0).at(1).value_or(""), 80), rows == 1 ? "1 row" : group_digits(rows) + " rows"));
  }
}

}  // namespace ingestr
