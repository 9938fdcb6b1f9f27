#include "engine/evolution.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr int kDecimalDigits = 38;
constexpr int kRealDigits = 6;  // what 24 and 53 bits always hold
constexpr int kDoubleDigits = 15;

// How many digits an integer type can have; 0 for what is none.
int integer_digits(TypeId id) {
  switch (id) {
    case TypeId::smallint:
      return 5;
    case TypeId::integer:
      return 10;
    case TypeId::bigint:
      return 19;
    default:
      return 0;
  }
}

bool is_integer(const Type& type) { return integer_digits(type.id) > 0; }
bool is_exact_number(const Type& type) { return is_integer(type) || type.id == TypeId::decimal; }
bool is_float(const Type& type) { return type.id == TypeId::real || type.id == TypeId::double_; }
bool is_number(const Type& type) { return is_exact_number(type) || is_float(type); }

int whole_digits(const Type& type) {
  return is_integer(type) ? integer_digits(type.id) : type.precision - type.scale;
}

std::optional<Type> wider_number(const Type& a, const Type& b) {
  if (is_integer(a) && is_integer(b)) return std::max(a.id, b.id);  // in the order of their widths
  if (is_float(a) || is_float(b)) {
    const Type& other = is_float(a) ? b : a;
    const bool narrow = a.id != TypeId::double_ && b.id != TypeId::double_;
    if (narrow && holds(TypeId::real, other)) return TypeId::real;
    return TypeId::double_;
  }
  const int scale = std::max(a.scale, b.scale);
  const int digits = std::max(whole_digits(a), whole_digits(b)) + scale;
  if (digits > kDecimalDigits) return TypeId::varchar;
  return Type::decimal(static_cast<uint8_t>(digits), static_cast<uint8_t>(scale));
}

bool is_one_of(const Type& type, TypeId first, TypeId second) {
  return type.id == first || type.id == second;
}

// Inferred columns travel as JSON text, so that a target that is text or JSON takes that rather than what was made of it.
Type decoded_type(const Column& landed, const Column* there) {
  if (there == nullptr) return landed.type;
  const std::optional<Type> wide = wider_type(there->type, landed.type);
  const bool as_text = wide && is_one_of(*wide, TypeId::varchar, TypeId::json);
  return as_text && landed.type.id != TypeId::null ? *wide : landed.type;
}

}  // namespace

std::optional<Type> wider_type(const Type& a, const Type& b) {
  if (a == b || b.id == TypeId::null) return a;
  if (a.id == TypeId::null) return b;
  if (is_number(a) && is_number(b)) return wider_number(a, b);
  if (is_one_of(a, TypeId::date, TypeId::timestamp) && is_one_of(b, TypeId::date, TypeId::timestamp))
    return TypeId::timestamp;
  if (a.id == TypeId::blob || b.id == TypeId::blob) return std::nullopt;
  if (a.id == TypeId::list && b.id == TypeId::list) {
    const std::optional<Type> element = wider_type(*a.element, *b.element);
    if (element && element->id != TypeId::json && holds(*element, *a.element) && holds(*element, *b.element))
      return Type::list_of(*element);
    return TypeId::json;
  }
  if (a.id == TypeId::json || b.id == TypeId::json || a.id == TypeId::list || b.id == TypeId::list)
    return TypeId::json;
  return TypeId::varchar;
}

bool holds(const Type& wide, const Type& narrow) {
  if (wide == narrow || narrow.id == TypeId::null) return true;
  if (is_float(wide)) {
    if (is_float(narrow)) return wide.id == TypeId::double_;
    const int most = wide.id == TypeId::double_ ? kDoubleDigits : kRealDigits;
    return (is_integer(narrow) ? integer_digits(narrow.id) : narrow.precision) <= most;
  }
  if (wide.id == TypeId::list && narrow.id == TypeId::list) return holds(*wide.element, *narrow.element);
  return wider_type(wide, narrow) == wide;
}

const Column* find_column(const Schema& schema, std::string_view name) {
  if (const auto exact = schema.find(name)) return &schema.columns[*exact];
  const auto same = std::find_if(schema.columns.begin(), schema.columns.end(), [&](const Column& column) {
    return equal_ignoring_case(column.name, name);
  });
  return same == schema.columns.end() ? nullptr : &*same;
}

Evolution evolve(const TableName& target, const Schema& existing, const TableName& landing, const Schema& landed) {
  Evolution evolution;
  for (const Column& column : landed.columns) {
    const Column* there = find_column(existing, column.name);
    const Type type = column.inferred ? decoded_type(column, there) : column.type;
    if (column.inferred) evolution.decode.push_back(DecodeColumn{landing, column.name, type});
    if (there == nullptr) {
      evolution.steps.push_back(AddColumn{target, {column.name, type, false}});
      evolution.columns.push_back({column.name, column.name, type, type});
      continue;
    }
    const std::optional<Type> wide = wider_type(there->type, type);
    if (!wide) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("column {} of {} is {} there and {} in the source, and no type holds both; leave it out "
                              "with --sql-exclude-columns, or replace the table with --full-refresh",
                              there->name, to_string(target), to_string(there->type), to_string(type)));
    }
    if (!holds(*wide, there->type)) {
      evolution.steps.push_back(RequireExact{target, there->name, there->type, *wide});
    }
    if (!holds(*wide, type)) {
      evolution.steps.push_back(RequireExact{landing, column.name, type, *wide});
    }
    if (*wide != there->type) {
      evolution.steps.push_back(RetypeColumn{target, there->name, there->type, *wide});
    }
    evolution.columns.push_back({column.name, there->name, type, *wide});
  }
  return evolution;
}

}  // namespace ingestr
