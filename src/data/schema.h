// What a table looks like: types, columns, schemas. Names follow SQL.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace ingestr {

enum class TypeId {
  null,  // nothing but NULL was seen so far; lands as varchar
  boolean,
  smallint,  // 16 bits
  integer,   // 32 bits
  bigint,    // 64 bits
  real,
  double_,
  decimal,       // precision, scale
  varchar,
  blob,
  date,
  time,
  timestamp,     // without zone, microseconds
  timestamp_tz,  // an instant, microseconds
  uuid,
  interval,
  json,
  list,          // of `element`
};

inline constexpr uint32_t kDecimalDigits = 38;  // what engines hold in 128 bits

// What the database that a column comes from calls its type, in its own SQL.
struct SourceType {
  std::string database;  // the kind: "PostgreSQL"
  std::string name;
};

struct Type {
  TypeId id = TypeId::null;
  uint8_t precision = 0;                 // decimal: digits in all, 1..38
  uint8_t scale = 0;                     // decimal: digits after the point
  std::shared_ptr<const Type> element;   // list only
  // varchar only: what a destination calls the type of a column of its own that we have none for ("inet", an enum). The column
  // takes the text of any value, which the destination makes a value of it, or refuses. No other column has such a type.
  std::shared_ptr<const std::string> native;
  bool native_is_number = false;  // native only: its values are in the order of numbers, whatever their texts are
  // Where ours is another type, as the texts of "inet" are: a database of the same kind may make a column of that. Of no account when types
  // are compared; not of elements, which their list has it for.
  std::shared_ptr<const SourceType> source;

  Type() = default;
  Type(TypeId type_id) : id(type_id) {}  // NOLINT: a TypeId is a Type
  static Type decimal(uint8_t precision, uint8_t scale);
  static Type list_of(Type element);
  static Type native_of(std::string name, bool is_number = false);
  // The same type, which a source calls so.
  Type of_source(SourceType called) const;

  bool operator==(const Type& other) const;
};

// Of any size, exact or not.
bool is_number(const Type& type);
// A date, or a timestamp with or without zone; not a time of day.
bool is_time(const Type& type);

// The SQL name, e.g. "DECIMAL(19,4)", "VARCHAR[]", "TIMESTAMPTZ". For messages, plans and tests.
std::string to_string(const Type& type);

struct Column {
  std::string name;
  Type type;
  // The type is what the values seen so far allow, and may still widen. Such a column travels and lands as the
  // JSON text of each value, null as NULL, so that no digit is lost; it gets its type once all rows are there.
  bool inferred = false;

  bool operator==(const Column&) const = default;
};

struct Schema {
  std::vector<Column> columns;

  // The position of a column, by its exact name; nothing when there is none.
  std::optional<size_t> find(std::string_view name) const;
  std::vector<std::string> names() const;
  bool operator==(const Schema&) const = default;
};

// Of columns, or what else has a `name`: the one that is called so; if there is none, the first that is in another case; nullptr: none.
template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
  auto found = std::ranges::find(all, name, &Named::name);
  if (found == all.end()) found = std::ranges::find_if(all, [&](const Named& one) { return equal_ignoring_case(one.name, name); });
  return found == all.end() ? nullptr : &*found;
}

// `name` if it has at most `bytes` bytes; else its beginning, cut between characters, "_" and eight digits of a hash of all
// of it. The same every time.
std::string shorten_name(std::string_view name, size_t bytes);

// `wanted` where none of `taken` is the same, ignoring case; else the first of "wanted_2", "wanted_3"… that is free. Shortened
// to at most `bytes` bytes.
std::string free_name(std::string_view wanted, const std::vector<std::string>& taken, size_t bytes = SIZE_MAX);
// One for each, in their order. Of several that are one name, ignoring case, the one in lower case keeps it, then they go by their bytes,
// so that it is the same in whatever order they come. Empty ones stay so.
std::vector<std::string> free_names(const std::vector<std::string>& wanted);

// A table's name as `[schema.]table`, unquoted parts.
struct TableName {
  std::string schema;  // empty: the destination's default
  std::string table;

  bool operator==(const TableName&) const = default;
};

// Splits at dots outside double quotes, backquotes or brackets: `dest."my.table"`. Throws Error(usage) on more than two parts,
// an empty part or an open quote. `catalog`: what the database calls itself, which may stand before the schema; empty: nothing may.
TableName parse_table_name(std::string_view text, std::string_view catalog = "");
std::string to_string(const TableName& name);  // for people, quotes only where needed

}  // namespace ingestr
