#include "data/schema.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {

Type Type::decimal(uint8_t precision, uint8_t scale) {
  Type type(TypeId::decimal);
  type.precision = precision;
  type.scale = scale;
  return type;
}

Type Type::list_of(Type element) {
  Type type(TypeId::list);
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type Type::native_of(std::string name, bool is_number) {
  Type type(TypeId::varchar);
  type.native = std::make_shared<const std::string>(std::move(name));
  type.native_is_number = is_number;
  return type;
}

Type Type::of_source(SourceType called) const {
  Type type = *this;
  type.source = std::make_shared<const SourceType>(std::move(called));
  return type;
}

bool Type::operator==(const Type& other) const {
  if (id != other.id || precision != other.precision || scale != other.scale) return false;
  if ((native == nullptr) != (other.native == nullptr) || (native && *native != *other.native)) return false;
  return id != TypeId::list || *element == *other.element;
}

bool is_number(const Type& type) {
  switch (type.id) {
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::bigint:
    case TypeId::real:
    case TypeId::double_:
    case TypeId::decimal:
      return true;
    case TypeId::null:
    case TypeId::boolean:
    case TypeId::varchar:
    case TypeId::blob:
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::uuid:
    case TypeId::interval:
    case TypeId::json:
    case TypeId::list:
      return false;
  }
  return false;
}

bool is_time(const Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz;
}

std::string to_string(const Type& type) {
  switch (type.id) {
    case TypeId::null: return "NULL";
    case TypeId::boolean: return "BOOLEAN";
    case TypeId::smallint: return "SMALLINT";
    case TypeId::integer: return "INTEGER";
    case TypeId::bigint: return "BIGINT";
    case TypeId::real: return "REAL";
    case TypeId::double_: return "DOUBLE";
    case TypeId::decimal: return fmt::format("DECIMAL({},{})", type.precision, type.scale);
    case TypeId::varchar: return type.native ? *type.native : "VARCHAR";
    case TypeId::blob: return "BLOB";
    case TypeId::date: return "DATE";
    case TypeId::time: return "TIME";
    case TypeId::timestamp: return "TIMESTAMP";
    case TypeId::timestamp_tz: return "TIMESTAMPTZ";
    case TypeId::uuid: return "UUID";
    case TypeId::interval: return "INTERVAL";
    case TypeId::json: return "JSON";
    case TypeId::list: return to_string(*type.element) + "[]";
  }
  return "?";
}

std::optional<size_t> Schema::find(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

std::string shorten_name(std::string_view name, size_t bytes) {
  if (name.size() <= bytes) return std::string(name);
  const auto hash = static_cast<uint32_t>(XXH3_64bits(name.data(), name.size()));
  const std::string tail = fmt::format("_{:08x}", hash);
  size_t kept = bytes - std::min(bytes, tail.size());
  while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U) --kept;  // inside a character
  return std::string(name.substr(0, kept)) + tail;
}

std::string free_name(std::string_view wanted, const std::vector<std::string>& taken, size_t bytes) {
  std::string name = shorten_name(wanted, bytes);
  const auto same = [&](const std::string& other) { return equal_ignoring_case(name, other); };
  for (int i = 2; std::any_of(taken.begin(), taken.end(), same); ++i) {
    const std::string tail = fmt::format("_{}", i);
    name = shorten_name(wanted, bytes - std::min(bytes, tail.size())) + tail;
  }
  return name;
}

std::vector<std::string> free_names(const std::vector<std::string>& wanted) {
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return std::pair(to_lower(wanted[i]) != wanted[i], std::string_view(wanted[i])); });
  std::vector<std::string> names(wanted.size()), taken;
  for (const size_t i : order) {
    if (wanted[i].empty()) continue;
    names[i] = free_name(wanted[i], taken);
    taken.push_back(names[i]);
  }
  return names;
}

namespace {

char closing_quote(char c) {
  switch (c) {
    case '"': return '"';
    case '`': return '`';
    case '[': return ']';
    default: return '\0';
  }
}

// Reads one part of a dotted name off the front, without its quotes.
std::string read_part(std::string_view& rest, std::string_view whole) {
  std::string part;
  const char quote = rest.empty() ? '\0' : closing_quote(rest.front());
  if (quote == '\0') {
    part = rest.substr(0, rest.find('.'));
    rest.remove_prefix(part.size());
  } else {
    rest.remove_prefix(1);
    for (;;) {
      const size_t end = rest.find(quote);
      if (end == std::string_view::npos) {
        throw Error(ErrorKind::usage, fmt::format("table name {} has an opening quote without its closing one", whole));
      }
      part += rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (rest.empty() || rest.front() != quote) break;  // a doubled quote stands for itself
      part += quote;
      rest.remove_prefix(1);
    }
  }
  if (part.empty() || (!rest.empty() && rest.front() != '.')) {
    throw Error(ErrorKind::usage,
                fmt::format("table name \"{}\" is not of the form table or schema.table; put a name that holds dots or "
                            "quotes in double quotes",
                            whole));
  }
  return part;
}

std::string quoted_if_needed(const std::string& part) {
  if (part.find_first_of(".\"`[") == std::string::npos) return part;
  std::string out = "\"";
  for (const char c : part) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

TableName parse_table_name(std::string_view text, std::string_view catalog) {
  std::vector<std::string> parts;
  std::string_view rest = text;
  for (;;) {
    parts.push_back(read_part(rest, text));
    if (rest.empty()) break;
    rest.remove_prefix(1);
  }
  if (parts.size() == 3 && !catalog.empty()) {
    if (equal_ignoring_case(parts[0], catalog)) return {parts[1], parts[2]};
    throw Error(ErrorKind::usage, fmt::format("table name \"{}\" is of the database {}, but this one is called {}; leave the first part out", text, parts[0], catalog));
  }
  if (parts.size() > 2) {
    throw Error(ErrorKind::usage,
                fmt::format("table name \"{}\" has {} parts; it must be table or schema.table", text, parts.size()));
  }
  if (parts.size() == 1) return {"", parts[0]};
  return {parts[0], parts[1]};
}

std::string to_string(const TableName& name) {
  if (name.schema.empty()) return quoted_if_needed(name.table);
  return quoted_if_needed(name.schema) + "." + quoted_if_needed(name.table);
}

}  // namespace ingestr
