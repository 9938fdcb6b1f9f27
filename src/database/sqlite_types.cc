#include "database/sqlite_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "duck/text_values.h"

namespace ingestr::database {
namespace {

struct SqliteName {
  TypeId type;
  std::string_view name;  // lower case
};

// The first name of a type is what a column of ours gets. DECIMAL and JSON of other makers have the affinity of numbers, to
// which text that looks like one is lost; ours have that of text.
constexpr SqliteName kSqliteNames[] = {
    {TypeId::boolean, "boolean"},  {TypeId::boolean, "bool"},
    {TypeId::smallint, "int2"},    {TypeId::integer, "int4"},
    {TypeId::bigint, "bigint"},    {TypeId::real, "float4"},
    {TypeId::double_, "double"},   {TypeId::varchar, "text"},
    {TypeId::null, "text"},        {TypeId::blob, "blob"},
    {TypeId::date, "date"},        {TypeId::time, "time"},
    {TypeId::timestamp, "timestamp"}, {TypeId::timestamp, "datetime"},
    {TypeId::timestamp_tz, "timestamptz"}, {TypeId::uuid, "uuid"},
    {TypeId::interval, "interval"}, {TypeId::json, "json_text"},
    {TypeId::json, "json"},        {TypeId::json, "jsonb"},
    {TypeId::list, "json_text"},
};

constexpr std::string_view kDecimal = "decimal_text(";

// "decimal_text(9,2)"
std::optional<Type> decimal_type_of(std::string_view name) {
  if (!name.starts_with(kDecimal)) return std::nullopt;
  name.remove_prefix(kDecimal.size());
  int precision = 0, scale = 0;
  const auto [comma, fault] = std::from_chars(name.data(), name.data() + name.size(), precision);
  if (fault != std::errc() || comma == name.data() + name.size() || *comma != ',') return std::nullopt;
  if (std::from_chars(comma + 1, name.data() + name.size(), scale).ec != std::errc()) return std::nullopt;
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) return std::nullopt;
  return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

std::string compact(std::string_view declared) {
  std::string name = to_lower(declared);
  std::erase(name, ' ');
  return name;
}

bool has_word(std::string_view name, std::string_view word) { return name.find(word) != std::string_view::npos; }

}  // namespace

std::string sqlite_type(const Type& type) {
  if (type.id == TypeId::decimal) return fmt::format("DECIMAL_TEXT({},{})", type.precision, type.scale);
  std::string name(std::ranges::find(kSqliteNames, type.id, &SqliteName::type)->name);
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

std::string strict_sqlite_type(const Type& type) {
  switch (sqlite_value_type(type).id) {
    case TypeId::boolean:
    case TypeId::bigint:
      return "INTEGER";
    case TypeId::double_:
      return "REAL";
    case TypeId::blob:
      return "BLOB";
    default:
      return "TEXT";
  }
}

std::optional<Type> own_type_of_sqlite(std::string_view declared) {
  constexpr std::string_view kOwn[] = {"int2", "int4", "float4", "time", "timestamptz", "uuid", "interval", "json_text"};
  const std::string name = compact(declared);
  if (std::ranges::find(kOwn, name) == std::end(kOwn)) return decimal_type_of(name);
  return type_of_sqlite(name);
}

Type type_of_sqlite(std::string_view declared) {
  const std::string name = compact(declared);
  if (const std::optional<Type> decimal = decimal_type_of(name)) return *decimal;
  const auto* known = std::ranges::find(kSqliteNames, std::string_view(name).substr(0, name.find('(')), &SqliteName::name);
  if (known != std::end(kSqliteNames)) return known->type;
  if (has_word(name, "int")) return TypeId::bigint;
  switch (affinity_of(declared)) {
    case SqliteAffinity::text:
      return TypeId::varchar;
    case SqliteAffinity::blob:  // that of a column without a type keeps any value as it is
      return name.empty() ? TypeId::varchar : TypeId::blob;
    case SqliteAffinity::number:
      return TypeId::double_;
  }
  return TypeId::varchar;
}

SqliteAffinity affinity_of(std::string_view declared) {
  const std::string name = to_lower(declared);
  if (has_word(name, "int")) return SqliteAffinity::number;
  if (has_word(name, "char") || has_word(name, "clob") || has_word(name, "text")) return SqliteAffinity::text;
  return name.empty() || has_word(name, "blob") ? SqliteAffinity::blob : SqliteAffinity::number;
}

// As https://sqlite.org/lang_expr.html has a numeric literal, with blanks around it and a sign.
bool looks_like_number(std::string_view text) {
  text = trim(text);
  const auto take = [&](std::string_view characters) {
    const size_t length = std::min(text.find_first_not_of(characters), text.size());
    text.remove_prefix(length);
    return length;
  };
  const auto take_one = [&](std::string_view characters) {
    const bool is_there = !text.empty() && characters.find(text.front()) != std::string_view::npos;
    if (is_there) text.remove_prefix(1);
    return is_there;
  };
  constexpr std::string_view kDigits = "0123456789";
  take_one("+-");
  size_t digits = take(kDigits);
  if (take_one(".")) digits += take(kDigits);
  if (digits == 0) return false;
  if (!take_one("eE")) return text.empty();
  take_one("+-");
  return take(kDigits) > 0 && text.empty();
}

std::string sqlite_value(const std::string& value, const Type& type) {
  switch (type.id) {
    case TypeId::boolean:
    case TypeId::blob:
    case TypeId::varchar:
      return value;
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return fmt::format("CAST({} AS BIGINT)", value);
    case TypeId::real:
    case TypeId::double_:
      return fmt::format("CAST({} AS DOUBLE)", value);
    case TypeId::list:
      return duck::json_list_sql(value, *type.element);
    case TypeId::timestamp_tz:
      return fmt::format("CAST(CAST({} AS TIMESTAMP) AS VARCHAR) || '+00:00'", value);
    default:
      return duck::text_sql(value, type);
  }
}

Type sqlite_value_type(const Type& type) {
  switch (type.id) {
    case TypeId::boolean:
    case TypeId::blob:
      return type;
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
      return TypeId::bigint;
    case TypeId::real:
    case TypeId::double_:
      return TypeId::double_;
    default:
      return TypeId::varchar;
  }
}

}  // namespace ingestr::database
