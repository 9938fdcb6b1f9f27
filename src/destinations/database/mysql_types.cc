#include "destinations/database/mysql_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "database/mysql_comments.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

struct PlainName {
  TypeId type;
  std::string_view name;
};

// The first name of a type is what a column of ours gets; into the others it can be written as well.
constexpr PlainName kPlainNames[] = {
    {TypeId::smallint, "smallint"}, {TypeId::integer, "int"},      {TypeId::bigint, "bigint"},         {TypeId::real, "float"},
    {TypeId::double_, "double"},    {TypeId::blob, "longblob"},    {TypeId::blob, "mediumblob"},       {TypeId::blob, "blob"},
    {TypeId::blob, "tinyblob"},     {TypeId::date, "date"},        {TypeId::time, "time(6)"},          {TypeId::timestamp, "datetime(6)"},
    {TypeId::uuid, "uuid"},
};

constexpr std::string_view kBoolean = "tinyint(1)";  // with kBooleanComment; without, it may hold -128 to 127

struct Room {
  std::string_view type;
  uint64_t bytes;
};

// To a value of a longer type of texts or bytes that is longer MariaDB's INSERT … SELECT takes 2^8, 2^16 or 2^24 from its length, strict mode
// or not.
constexpr Room kRooms[] = {{"tinytext", 0xFF}, {"tinyblob", 0xFF}, {"text", 0xFFFF}, {"blob", 0xFFFF}, {"mediumtext", 0xFFFFFF}, {"mediumblob", 0xFFFFFF}};

constexpr std::string_view kWholeNumbers[] = {"tinyint", "smallint", "mediumint", "int", "bigint"};

// "decimal" of "decimal(10,2) unsigned".
std::string_view base_of(std::string_view type) { return type.substr(0, type.find_first_of("( ")); }

// What is in the brackets; empty: there are none.
std::string_view arguments_of(std::string_view type) {
  const size_t open = type.find('('), close = type.rfind(')');
  return open == std::string_view::npos || close == std::string_view::npos ? "" : type.substr(open + 1, close - open - 1);
}

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_whole_number(std::string_view base) { return std::ranges::find(kWholeNumbers, base) != std::end(kWholeNumbers); }

// What servers print behind an integer type says nothing about its values, but for tinyint(1), which is how a boolean is said.
std::string without_width(std::string_view type) {
  const std::string_view base = base_of(type);
  if (!is_whole_number(base) || type.starts_with(kBoolean)) return std::string(type);
  const size_t close = type.find(')');
  return std::string(base) + std::string(close == std::string_view::npos ? type.substr(base.size()) : type.substr(close + 1));
}

std::optional<Type> decimal_of_mysql(std::string_view type) {
  const std::string_view arguments = arguments_of(type);
  const int precision = number_in(arguments), scale = number_in(arguments.substr(std::min(arguments.find(',') + 1, arguments.size())));
  if (precision < 1 || precision > 38 || type.find("unsigned") != std::string_view::npos) return std::nullopt;
  return Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

Type text_type(const MysqlColumn& column) {
  if (column.is_json || column.comment == kJsonComment) return TypeId::json;
  if (column.comment == kIntervalComment) return TypeId::interval;
  if (column.comment == kUuidComment) return TypeId::uuid;
  if (column.type == "char(36)" && column.collation.starts_with("ascii_")) return TypeId::uuid;
  return TypeId::varchar;
}

bool is_text_type(std::string_view base) { return base == "char" || base == "varchar" || base.ends_with("text"); }

// The digits of seconds that a type of times has behind the point.
int digits_of(std::string_view type) { return number_in(arguments_of(type)); }

// What is between two commas, quotes and all; a member of a set has none.
std::vector<std::string_view> members_of(std::string_view arguments) {
  std::vector<std::string_view> members;
  while (!arguments.empty()) {
    const size_t end = std::min(arguments.find(','), arguments.size());
    members.push_back(arguments.substr(0, end));
    arguments.remove_prefix(std::min(end + 1, arguments.size()));
  }
  return members;
}

// The server takes numbers for masks of bits, and members in any case and order, also twice.
std::string misfit_of_set(std::string_view arguments, const std::string& value) {
  std::string bits = "0";
  int place = 0;
  for (const std::string_view member : members_of(arguments)) {
    bits += fmt::format(" | (FIND_IN_SET(CAST({} AS BINARY), CAST({} AS BINARY)) > 0) << {}", member, value, place++);
  }
  return fmt::format("CAST({} AS BINARY) <> CAST(MAKE_SET({}, {}) AS BINARY)", value, bits, arguments);
}

std::string commented(std::string_view type, std::string_view comment) {
  return comment.empty() ? std::string(type) : fmt::format("{} COMMENT {}", type, duck::quote_text(std::string(comment)));
}

}  // namespace

std::string MysqlColumn::declaration() const {
  const std::string charset = collation.empty() ? "" : fmt::format(" CHARACTER SET {} COLLATE {}", collation.substr(0, collation.find('_')), collation);
  return commented(type + charset, comment);
}

std::string mysql_type(const Type& type, std::string_view collation) {
  if (type.native) return *type.native;
  const std::string text = fmt::format("longtext CHARACTER SET utf8mb4 COLLATE {}", collation);
  switch (type.id) {
    case TypeId::decimal:
      return fmt::format("decimal({},{})", type.precision, type.scale);
    case TypeId::null:
    case TypeId::varchar:
      return text;
    case TypeId::json:
    case TypeId::list:
      return commented(text, kJsonComment);
    case TypeId::interval:
      return commented(text, kIntervalComment);
    case TypeId::timestamp_tz:
      return commented("datetime(6)", kUtcComment);
    case TypeId::uuid:
      return commented("char(36) CHARACTER SET ascii COLLATE ascii_bin", kUuidComment);
    case TypeId::boolean:
      return commented(kBoolean, kBooleanComment);
    case TypeId::time:
      return commented("time(6)", kTimeComment);
    default:
      return std::string(std::ranges::find(kPlainNames, type.id, &PlainName::type)->name);
  }
}

std::optional<Type> type_of_mysql(const MysqlColumn& column) {
  const std::string type = without_width(column.type);
  const std::string_view base = base_of(type);
  if (base == "decimal") return decimal_of_mysql(type);
  if (is_text_type(base)) return text_type(column);
  if (base == "json") return Type(TypeId::json);
  if (base == "binary" || base == "varbinary") return Type(TypeId::blob);
  if (base == "time") return Type(TypeId::time);
  if (base == "timestamp") return Type(TypeId::timestamp_tz);
  if (base == "datetime") return Type(column.comment == kUtcComment ? TypeId::timestamp_tz : TypeId::timestamp);
  if (type == kBoolean && column.comment == kBooleanComment) return Type(TypeId::boolean);
  const auto* known = std::ranges::find(kPlainNames, type, &PlainName::name);
  return known == std::end(kPlainNames) ? std::nullopt : std::optional<Type>(known->type);
}

bool is_number_column(const MysqlColumn& column) {
  const std::string_view base = base_of(column.type);
  return (is_whole_number(base) && type_of_mysql(column) != Type(TypeId::boolean)) || base == "decimal" || base == "float" || base == "double";
}

bool takes_as_it_is(const MysqlColumn& column, const MysqlColumn& landed) {
  const std::optional<Type> type = type_of_mysql(landed);
  return type_of_mysql(column) == type || (type == Type(TypeId::boolean) && column.type == kBoolean);
}

bool is_declared_as_ours(const MysqlColumn& column, std::string_view collation) {
  const std::optional<Type> type = type_of_mysql(column);
  if (!type || !column.is_nullable || column.is_generated || column.initial || !column.extra.empty()) return false;
  MysqlColumn same = column;
  same.type = without_width(column.type);
  return same.declaration() == mysql_type(*type, collation);
}

bool mangles_text(const MysqlColumn& column) {
  static constexpr std::string_view kMangling[] = {"bit",        "geometry",     "point",           "linestring",   "polygon",
                                                   "multipoint", "multipolygon", "multilinestring", "vector",       "geometrycollection",
                                                   "float",      "double",       "geomcollection"};
  return std::ranges::find(kMangling, base_of(column.type)) != std::end(kMangling) || column.type.find("zerofill") != std::string::npos;
}

std::optional<uint64_t> room_of(const MysqlColumn& column) {
  const auto* room = std::ranges::find(kRooms, base_of(column.type), &Room::type);
  return room == std::end(kRooms) ? std::nullopt : std::optional(room->bytes);
}

std::string misfit_of(const MysqlColumn& column, const std::string& value, const Type& from) {
  const std::string_view base = base_of(column.type);
  const bool is_native = !type_of_mysql(column);
  if (base == "time" || base == "datetime" || base == "timestamp") {
    const int digits = digits_of(column.type);
    int unit = 1;
    for (int i = digits; i < 6; ++i) unit *= 10;
    return unit == 1 ? "" : fmt::format("MICROSECOND({}) % {} <> 0", value, unit);
  }
  if (base == "char") return fmt::format("{} LIKE '% '", value);
  if (base == "binary") return fmt::format("OCTET_LENGTH({}) <> {}", value, number_in(arguments_of(column.type)));
  if (!is_native || from.id == TypeId::boolean) return "";
  if (is_whole_number(base)) return fmt::format("{} NOT REGEXP '^[+-]?[0-9]+$'", value);
  if (base == "decimal") return fmt::format("{} NOT REGEXP '^[+-]?[0-9]+([.][0-9]+)?$'", value);
  if (base == "year") return fmt::format("{} NOT REGEXP '^[0-9]{{4}}$'", value);
  if (base == "enum") return fmt::format("{} NOT IN ({})", value, arguments_of(column.type));
  if (base == "set") return misfit_of_set(arguments_of(column.type), value);
  return "";
}

}  // namespace ingestr::database
