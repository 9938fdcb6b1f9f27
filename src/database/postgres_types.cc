#include "database/postgres_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace ingestr::database {
namespace {

struct TypeName {
  TypeId type;
  std::string_view name;  // as format_type() has it
};

// The first name of a type is what a column of ours gets; into the others it can be written as well.
constexpr TypeName kNames[] = {
    {TypeId::boolean, "boolean"},
    {TypeId::smallint, "smallint"},
    {TypeId::integer, "integer"},
    {TypeId::bigint, "bigint"},
    {TypeId::real, "real"},
    {TypeId::double_, "double precision"},
    {TypeId::varchar, "text"},
    {TypeId::varchar, "character varying"},
    {TypeId::varchar, "character"},
    {TypeId::null, "text"},
    {TypeId::blob, "bytea"},
    {TypeId::date, "date"},
    {TypeId::time, "time without time zone"},
    {TypeId::timestamp, "timestamp without time zone"},
    {TypeId::timestamp_tz, "timestamp with time zone"},
    {TypeId::uuid, "uuid"},
    {TypeId::interval, "interval"},
    {TypeId::json, "json"},  // not jsonb, which keeps neither order nor spelling
    {TypeId::json, "jsonb"},
};

struct CarriedType {
  std::string_view name;
  bool has_equality = true;
};

// Of pg_catalog, so that other databases have them. Not all that are: oids and what stands for them are of one catalog, and money is written by
// its locale.
constexpr CarriedType kCarried[] = {
    {"numeric"},
    {"jsonb"},
    {"inet"},
    {"cidr"},
    {"macaddr"},
    {"macaddr8"},
    {"bit varying"},
    {"time with time zone"},
    {"tsvector"},
    {"tsquery"},
    {"pg_lsn"},
    {"int4range"},
    {"int8range"},
    {"numrange"},
    {"daterange"},
    {"tsrange"},
    {"tstzrange"},
    {"int4multirange"},
    {"int8multirange"},
    {"nummultirange"},
    {"datemultirange"},
    {"tsmultirange"},
    {"tstzmultirange"},
    {"xml", false},
    {"jsonpath", false},
    {"point", false},
    {"line", false},
    {"lseg", false},
    {"box", false},  // equal are those of one area
    {"path", false},
    {"polygon", false},
    {"circle", false},
};

// "numeric(9,2)"; PostgreSQL has precisions and scales that a DECIMAL has not.
std::optional<Type> decimal_of(std::string_view name) {
  int precision = 0, scale = 0;
  name.remove_prefix(std::string_view("numeric(").size());
  const auto [comma, fault] = std::from_chars(name.data(), name.data() + name.size(), precision);
  if (fault != std::errc() || *comma != ',') return std::nullopt;
  if (std::from_chars(comma + 1, name.data() + name.size(), scale).ec != std::errc()) return std::nullopt;
  if (precision > 38 || scale < 0 || scale > precision) return std::nullopt;
  return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

// "character varying(20)" without the "(20)", "time(3) without time zone" without the "(3)".
std::string without_length(std::string_view name) {
  const size_t open = name.find('('), close = name.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, open)) + std::string(name.substr(close + 1));
}

}  // namespace

std::string postgres_type(const Type& type) {
  if (type.native) return *type.native;
  if (type.id == TypeId::decimal) return fmt::format("numeric({},{})", type.precision, type.scale);
  if (type.id == TypeId::list) {
    if (type.element->id == TypeId::list) return "json";
    return postgres_type(*type.element) + "[]";
  }
  return std::string(std::ranges::find(kNames, type.id, &TypeName::type)->name);
}

std::optional<Type> type_of_postgres(std::string_view type) {
  if (type.ends_with("[]")) {
    const std::optional<Type> element = type_of_postgres(type.substr(0, type.size() - 2));
    return element ? std::optional(Type::list_of(*element)) : std::nullopt;
  }
  if (type.starts_with("numeric(")) return decimal_of(type);
  const auto* known = std::ranges::find(kNames, without_length(type), &TypeName::name);
  return known == std::end(kNames) ? std::nullopt : std::optional<Type>(known->type);
}

std::optional<std::string> carried_type(std::string_view type) {
  if (type.ends_with("[]")) {
    const auto element = carried_type(type.substr(0, type.size() - 2));
    return element ? std::optional(*element + "[]") : std::nullopt;
  }
  if (type == "bit") return "bit varying";  // by itself it is one of a single bit
  const bool is_carried = std::ranges::find(kCarried, type, &CarriedType::name) != std::end(kCarried);
  return is_carried ? std::optional<std::string>(type) : std::nullopt;
}

bool has_equality(std::string_view type) {
  while (type.ends_with("[]")) type.remove_suffix(2);
  const auto* known = std::ranges::find(kCarried, type, &CarriedType::name);
  return type != "json" && (known == std::end(kCarried) || known->has_equality);
}

bool is_numeric(std::string_view type) { return type.starts_with("numeric") && !type.ends_with("]"); }

bool casts_round(std::string_view type) {
  while (type.ends_with("[]")) type.remove_suffix(2);
  const bool has_fields = type.starts_with("interval ");  // "interval day to minute"
  return has_fields || type.find('(') != std::string_view::npos || type == "money" || type == "name" || type == "\"char\"";
}

bool rounds_times(std::string_view type) {
  const std::optional<Type> ours = type_of_postgres(type);
  if (!ours || type.find('(') == std::string_view::npos) return false;
  const TypeId id = ours->id == TypeId::list ? ours->element->id : ours->id;
  return id == TypeId::time || id == TypeId::timestamp || id == TypeId::timestamp_tz || id == TypeId::interval;
}

}  // namespace ingestr::database
